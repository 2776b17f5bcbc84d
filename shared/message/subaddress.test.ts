import assert from "node:assert/strict";
import { test } from "node:test";
import { withoutTag } from "./subaddress.ts";

test("the tag goes, and nothing else", () => {
  assert.equal(withoutTag("Bob+News+2@Example.org"), "bob@example.org");
  assert.equal(withoutTag("bob@example.org"), "bob@example.org");
  assert.equal(withoutTag("bob@example+x"), "bob@example+x");
  assert.equal(withoutTag("no+address"), "no+address");
  assert.equal(withoutTag(""), "");
});
