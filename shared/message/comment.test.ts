import assert from "node:assert/strict";
import { test } from "node:test";
import { commentEnd, inside, quoteEnd, withoutComments } from "./comment.ts";

function strip(text: string, depth = 5) {
  let deep = 0;
  const left = withoutComments(text, depth, () => deep++);
  return deep > 0 ? `${left} !` : left;
}

test("comments", () => {
  assert.equal(strip("a(b)c"), "a c");
  assert.equal(strip("a(b(c)d)e (f\\)g)h"), "a e  h");
  assert.equal(strip('"(no)" (yes)'), '"(no)"  ');
  assert.equal(strip("a (open"), "a (open");
  assert.equal(strip('a "open (b)'), 'a "open (b)');
  assert.equal(strip("((((x)))) y", 2), " ))) y !");
  assert.equal(
    commentEnd("(a", 0, 5, () => {}),
    -1,
  );
});

test("quoted strings", () => {
  assert.equal(quoteEnd('"a\\"b" c', 0), 6);
  assert.equal(quoteEnd('"a', 0), -1);
  assert.equal(inside('"a\\"\\\\b"'), 'a"\\b');
});
