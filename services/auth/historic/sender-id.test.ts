import assert from "node:assert/strict";
import { test } from "node:test";
import { type Scope, selectFor } from "./sender-id.ts";

for (const [texts, scope, selected] of [
  [["spf2.0/pra a -all"], "pra", " a -all"],
  [["SPF2.0/mfrom,PRA a"], "pra", " a"],
  [["spf2.0/pra"], "pra", ""],
  [["spf2.17/pra,other a"], "pra", " a"],
  [["spf2.0/mfrom a", "v=spf1 b"], "pra", " b"],
  [["v=spf1 b", "spf2.0/pra a"], "pra", " a"],
  [["v=spf1 b", "spf2.0/pra a"], "mfrom", " b"],
  [["spf2.0/mfrom a"], "pra", null],
  [["spf2.0/ a"], "pra", null],
  [["spf2.0 a"], "pra", null],
  [["spf2.0/pra;a"], "pra", null],
  [["spf2.0/pra\ta"], "pra", null],
  [["text"], "pra", null],
  [["spf2.0/pra a", "spf2.0/mfrom,pra b"], "pra", "several"],
  [["v=spf1 a", "v=spf1 b"], "pra", "several"],
  [["spf2.0/pra c", "v=spf1 a", "v=spf1 b"], "pra", " c"],
] as const) {
  test(`${scope} of ${texts.join(" | ")}`, () => {
    const found = selectFor(scope satisfies Scope)(texts);
    assert.equal(found === null || found === "several" ? found : found.terms, selected);
  });
}
