// The validation suite of ValiMail, written for the drafts of RFC 8617.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { isMap, isScalar, parseAllDocuments } from "yaml";
import { zoneDns } from "../../../shared/dns/zone.testing.ts";
import { analyse } from "../../../shared/message/analyse.ts";
import { openMessage } from "../dkim/message.ts";
import { validateChain } from "./chain.ts";

const text = readFileSync(join(import.meta.dirname, "suite", "arc-draft-validation-tests.yml"), "utf8");

/** Cases that contradict the RFC that came of the drafts: what follows from the RFC, and why. */
const contradicting: Readonly<Record<string, { readonly cv: string; readonly why: string }>> = {
  cv_fail_i1_as_cv_fail: { cv: "fail", why: "the suite has no result; RFC 8617, 5.2, step 2: a seal of cv=fail" },
  cv_fail_i2_as2_fail: { cv: "fail", why: "the suite has no result; RFC 8617, 5.2, step 2: a seal of cv=fail" },
  cv_fail_i2_as1_fail: { cv: "fail", why: "the suite has no result; RFC 8617, 5.2, step 3 C: no seal may be cv=fail" },
  ams_fields_c_na: { cv: "fail", why: "signed as relaxed; RFC 8617, 4.1.2 and RFC 6376, 3.5: without c= it is simple" },
  ams_fields_h_empty: { cv: "fail", why: "nothing is signed; RFC 8617, 4.1.2 and RFC 6376, 5.4: From must be" },
};

interface SuiteCase {
  readonly name: string;
  readonly about: string;
  readonly message: string;
  readonly cv: string;
  readonly zone: readonly string[];
}

function casesOf(): readonly SuiteCase[] {
  const cases: SuiteCase[] = [];
  // Two cases have a name that others have too; both count.
  for (const document of parseAllDocuments(text, { uniqueKeys: false })) {
    const records: unknown = document.get("txt-records");
    const zone = isMap(records)
      ? records.items.map(({ key, value }) => `${key} TXT ${String(value).replaceAll("\n", " ")}`)
      : [];
    const tests = document.get("tests");
    assert.ok(isMap(tests));
    for (const { key, value } of tests.items) {
      assert.ok(isMap(value) && isScalar(key));
      const word = (name: string) => String(value.get(name) ?? "");
      const name = String(key.value);
      cases.push({ name, about: word("description"), message: word("message"), cv: word("cv").toLowerCase(), zone });
    }
  }
  return cases;
}

const cases = casesOf();

test("the suite is whole", () => {
  assert.equal(cases.length, 175);
  const names = new Set(cases.map(({ name }) => name));
  for (const name of Object.keys(contradicting)) assert.ok(names.has(name), name);
});

for (const { name, about, message, cv, zone } of cases) {
  test(`${name}: ${about}`, async () => {
    const opened = openMessage(analyse(Buffer.from(message.replaceAll("\n", "\r\n"))));
    const dns = zoneDns(zone.filter((line) => !line.endsWith("TXT ")));
    const chain = await validateChain(opened, {
      dns,
      clock: { now: Date.parse("2018-01-01"), jitter: 0 },
      cacheSize: 0,
    });
    const other = contradicting[name];
    if (other !== undefined) assert.notEqual(cv, other.cv, other.why);
    assert.equal(chain.result, other?.cv ?? cv, chain.reason);
  });
}
