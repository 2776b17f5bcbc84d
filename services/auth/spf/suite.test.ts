// The suites of openspf.org for RFC 7208 and for RFC 4408: every case of both.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import { parseAllDocuments } from "yaml";
import { evaluateSpf } from "./evaluate.ts";
import { type SuiteZone, suiteDns } from "./suite-zone.testing.ts";

interface SuiteCase {
  readonly helo: string;
  readonly host: string;
  readonly mailfrom: string;
  readonly result: string | readonly string[];
  readonly explanation?: string;
}

interface Scenario {
  readonly description: string;
  readonly tests: Readonly<Record<string, SuiteCase>>;
  readonly zonedata: SuiteZone;
}

function scenarios(file: string): readonly Scenario[] {
  const text = readFileSync(resolve(import.meta.dirname, "suite", file), "utf8");
  return parseAllDocuments(text).map((document) => document.toJS());
}

/** Where several results are right the first is the one that the suite prefers. */
async function check(
  { zonedata }: Scenario,
  { helo, host, mailfrom, result, explanation }: SuiteCase,
  strict: boolean,
) {
  const sender = mailfrom === "" ? `postmaster@${helo}` : mailfrom;
  const domain = sender.slice(sender.lastIndexOf("@") + 1);
  const question = { ip: host, helo, sender, domain };
  const options = { explain: true, receiver: "receiver.example", now: 0 };
  const found = await evaluateSpf(suiteDns(zonedata), question, options);
  const right = typeof result === "string" ? [result] : strict ? result.slice(0, 1) : result;
  assert.ok(right.includes(found.result), `${found.result} (${found.reason}), not ${right.join(" or ")}`);
  if (explanation === undefined) return;
  assert.equal(found.explanation, explanation === "DEFAULT" ? "" : explanation);
}

for (const [file, count, strict] of [
  ["rfc7208-tests.yml", 203, true],
  // Of several results some are those of RFC 4408 only. None of its cases has a single result that RFC 7208 changed.
  ["rfc4408-tests.yml", 191, false],
] as const) {
  test(file, async (t) => {
    let seen = 0;
    for (const scenario of scenarios(file)) {
      for (const [name, suiteCase] of Object.entries(scenario.tests)) {
        seen += 1;
        await t.test(`${scenario.description}: ${name}`, () => check(scenario, suiteCase, strict));
      }
    }
    assert.equal(seen, count);
  });
}
