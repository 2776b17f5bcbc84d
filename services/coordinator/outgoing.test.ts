// Headers as they will be, against what the milter gateway asks of the mail server.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Header } from "../../shared/task.ts";
import type { AddedHeader, RemovedHeader } from "../../shared/verdict.ts";
import { outgoingFields } from "./outgoing.ts";

function fieldsOf(text: string): readonly Header[] {
  return text.split(" ").map((one) => {
    const [name = "", value = ""] = one.split(":");
    return { name, key: name.toLowerCase(), raw: ` ${value}`, value };
  });
}

function after(before: string, removed: readonly RemovedHeader[], added: readonly AddedHeader[], subject?: string) {
  const edits = {
    changes: { addHeaders: added, removeHeaders: removed },
    ...(subject === undefined ? {} : { subject }),
  };
  return outgoingFields(fieldsOf(before), edits)
    ?.map(({ name, raw }) => `${name}:${raw.slice(1)}`)
    .join(" ");
}

const add = (name: string, value: string, order: number): AddedHeader => ({ name, value, order });

test("nothing to change is nothing to send", () => {
  assert.equal(after("A:1 B:2", [], []), undefined);
  assert.equal(after("A:1 B:2", [{ name: "C", index: 0 }], []), undefined);
});

test("removed: all, one from the top, one from the end", () => {
  const some = "A:1 B:2 a:3 A:4";
  assert.equal(after(some, [{ name: "A", index: 0 }], []), "B:2");
  assert.equal(after(some, [{ name: "a", index: 2 }], []), "A:1 B:2 A:4");
  assert.equal(after(some, [{ name: "A", index: -1 }], []), "A:1 B:2 a:3");
  assert.equal(after(some, [{ name: "A", index: -3 }], []), "B:2 a:3 A:4");
  for (const index of [4, -4]) assert.equal(after(some, [{ name: "A", index }], []), undefined);
  const both = [
    { name: "A", index: 1 },
    { name: "A", index: 2 },
  ];
  assert.equal(after(some, both, []), "B:2 A:4");
});

test("added: on top, below that, at the end, before the end; of one place in their order", () => {
  assert.equal(after("A:1 B:2", [], [add("X", "1", 1), add("X", "2", 1)]), "X:1 X:2 A:1 B:2");
  assert.equal(after("A:1 B:2", [], [add("X", "1", 0), add("X", "2", 1)]), "X:1 X:2 A:1 B:2");
  assert.equal(after("A:1 B:2", [], [add("X", "1", 2)]), "A:1 X:1 B:2");
  assert.equal(after("A:1 B:2", [], [add("X", "1", -1), add("X", "2", -2)]), "A:1 B:2 X:2 X:1");
  assert.equal(after("A:1 B:2", [], [add("X", "1", 100)]), "A:1 B:2 X:1");
  assert.equal(after("A:1 B:2", [{ name: "A", index: 0 }], [add("A", "new", 1)]), "A:new B:2");
});

test("values as they go over the wire: no line of blanks, bytes for characters, and none that is too long", () => {
  assert.equal(after("A:1", [], [add("X", "a\n\n\tb\n c", -1)]), "A:1 X:a\n\tb\n c");
  assert.equal(after("A:1", [], [add("X", "ü", -1)]), "A:1 X:\xc3\xbc");
  assert.equal(after("A:1", [], [add("X", "x".repeat(60_001), -1)]), "A:1");
});

test("a name that cannot be one adds nothing", () => {
  for (const name of ["", "X Y", "X:1\nBcc", "Ü"]) assert.equal(after("A:1", [], [add(name, "2", -1)]), "A:1", name);
});

test("a rewritten subject stands in the place of each, or at the end", () => {
  assert.equal(after("Subject:1 A:2 SUBJECT:3", [], [], "new"), "Subject:new A:2 Subject:new");
  assert.equal(after("Subject:1 A:2 Subject:3", [{ name: "Subject", index: 2 }], [], "new"), "A:2 Subject:new");
  assert.equal(after("A:1", [], [], "new"), "A:1 Subject:new");
  assert.equal(after("A:1", [], [], "ü"), "A:1 Subject:=?UTF-8?B?w7w=?=");
});
