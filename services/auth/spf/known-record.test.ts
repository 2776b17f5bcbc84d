import assert from "node:assert/strict";
import { test } from "node:test";
import { knownRecord } from "./known-record.ts";

test("a record is read once, whoever publishes it", () => {
  const record = knownRecord(" ip4:192.0.2.0/24 -all");
  assert.ok(!(record instanceof Error));
  assert.equal(record.directives.length, 2);
  assert.equal(knownRecord(" ip4:192.0.2.0/24 -all"), record);
  assert.notEqual(knownRecord(" ip4:192.0.2.0/24 ~all"), record);
});

test("what is large or wrong is not kept, and others make room in the end", () => {
  const large = `${" a".repeat(65)} -all`;
  assert.notEqual(knownRecord(large), knownRecord(large));
  assert.notEqual(knownRecord(" moo"), knownRecord(" moo"));
  const kept = knownRecord(" mx -all");
  for (let n = 0; n < 1_000; n++) knownRecord(` ip4:192.0.2.${n % 256} a:n${n}.example`);
  assert.notEqual(knownRecord(" mx -all"), kept);
  assert.deepEqual(knownRecord(" mx -all"), kept);
});
