import assert from "node:assert/strict";
import { test } from "node:test";
import { organisationOf } from "./organisation.ts";
import { mostReportAddresses, readReportAddresses } from "./report-uri.ts";

const cases: readonly (readonly [string, readonly (readonly [string, number | null])[]])[] = [
  ["mailto:a@example.org", [["a@example.org", null]]],
  [
    "mailto:A@Example.ORG!10m , MAILTO:b@example.net!50K,mailto:c@example.net!7",
    [
      ["A@example.org", 10_485_760],
      ["b@example.net", 51_200],
      ["c@example.net", 7],
    ],
  ],
  ["mailto:a%2Cb@example.org", []],
  ["mailto:a%21b@example.org?subject=x", [["a!b@example.org", null]]],
  ["https://example.org/report,mailto:,mailto:x,a@example.org,mailto:%zz@example.org", []],
  ["mailto:a@example.org,mailto:a@example.org!5k", [["a@example.org", null]]],
  ["mailto:a@[192.0.2.1],mailto:a@b@c,mailto:ü@example.org,mailto:a%0d%0ab@example.org", []],
  ["", []],
];

for (const [text, expected] of cases) {
  test(`rua=${text}`, () => {
    assert.deepEqual(
      readReportAddresses(text).map(({ address, limit }) => [address, limit]),
      expected,
    );
  });
}

test("a thousand addresses, and one that is endless", () => {
  const many = Array.from({ length: 1_000 }, (_, n) => `mailto:a${n}@example.org`).join(",");
  assert.equal(readReportAddresses(many).length, mostReportAddresses);
  assert.deepEqual(readReportAddresses(`mailto:${"a".repeat(60_000)}@example.org`), []);
  assert.deepEqual(readReportAddresses(",".repeat(65_000)), []);
});

test("there is always an organisation", () => {
  for (const [domain, organisation] of [
    ["a.b.example.org", "example.org"],
    ["example.co.uk", "example.co.uk"],
    ["co.uk", "co.uk"],
    ["github.io", "github.io"],
    ["com", "com"],
    ["a.b.corp.internal", "corp.internal"],
    ["corp.internal", "corp.internal"],
    ["internal", "internal"],
  ] as const) {
    assert.equal(organisationOf(domain), organisation, domain);
  }
});
