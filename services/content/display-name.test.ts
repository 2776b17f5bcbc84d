import assert from "node:assert/strict";
import { test } from "node:test";
import { addressIn, titleOf } from "./display-name.ts";

const names: readonly [name: string, address: string | undefined][] = [
  ["service@example.com", "service@example.com"],
  ["Boss (boss@example.com) at work", "boss@example.com"],
  ["<first.last+tag@mail.example.com>", "first.last+tag@mail.example.com"],
  ["Write to info@example.com.", "info@example.com"],
  ["a@localhost or b@example.org", "b@example.org"],
  ["user@@example.org", undefined],
  ["@example.org", undefined],
  ["Alice @ Work", undefined],
  ["me@home", undefined],
  ["", undefined],
];

for (const [name, address] of names) {
  test(`address in "${name}"`, () => assert.equal(addressIn(name)?.address, address));
}

test("names full of at signs have none", () => {
  assert.equal(addressIn("@".repeat(10_000)), null);
  assert.equal(addressIn("a@".repeat(10_000)), null);
  assert.equal(addressIn(`${"a".repeat(10_000)}@${"b".repeat(10_000)}`), null);
});

test("titles", () => {
  assert.deepEqual(["Mr. Smith", "dr smith", "prof.smith"].map(titleOf), ["mr", "dr", "prof"]);
  assert.deepEqual(["Mrsmith", "Drake", "The Dr."].map(titleOf), ["", "", ""]);
});
