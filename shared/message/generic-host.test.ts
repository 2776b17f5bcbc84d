import assert from "node:assert/strict";
import { test } from "node:test";
import { lineWeight } from "./generic-host.ts";

const hosts: readonly [host: string, weight: number][] = [
  ["mail.example.org", 0],
  ["example.org", 0],
  ["dsl.example.org", 0],
  ["mail-192-0-2-1.dsl.example.org", 0],
  ["192-0-2-1.example.org", 1],
  ["host12.example.org", 2],
  ["customer-12.example.org", 3],
  ["pool-12-34.example.org", 4],
  ["12-34.ADSL.example.org", 5],
  ["p5dyn12.dip.example.org", 5],
  ["", 0],
];

for (const [host, weight] of hosts) test(`weight of "${host}"`, () => assert.equal(lineWeight(host), weight));

test("what is too long to be a host has no weight", () => {
  assert.equal(lineWeight("dsl-1.".repeat(10_000)), 0);
});
