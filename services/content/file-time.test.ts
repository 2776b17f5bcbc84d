import assert from "node:assert/strict";
import { test } from "node:test";
import { fileTime, yearsApart } from "./file-time.ts";

test("the upper half of a FILETIME is read to seven minutes", () => {
  // 1970-01-01 is 0x019DB1DED53E8000.
  assert.ok(Math.abs(fileTime("019DB1DE")) < 430_000);
});

test("the distance to a date is in years, whichever is first", () => {
  const date = Date.UTC(2000, 0);
  assert.equal(Math.round(yearsApart("019DB1DE", date)), 30);
  assert.equal(
    Math.round(yearsApart("FFFFFFFF", date)),
    Math.round((fileTime("FFFFFFFF") - date) / (365.25 * 86_400_000)),
  );
});

test("what are no hex digits is at no distance", () => {
  assert.ok(Number.isNaN(yearsApart("", 0)));
});
