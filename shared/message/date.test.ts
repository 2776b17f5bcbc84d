import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDate } from "./date.ts";

const cases: readonly (readonly [text: string, iso: string | null])[] = [
  ["Thu, 22 Aug 2002 08:27:38 -0400", "2002-08-22T12:27:38.000Z"],
  ["22 Aug 2002 08:27 +0530", "2002-08-22T02:57:00.000Z"],
  ["Thu, 22 Aug 2002 08:27:60 +0000", "2002-08-22T08:28:00.000Z"],
  ["2 Jan 2024 03:04:05 +0000", "2024-01-02T03:04:05.000Z"],
  ["Tue, 02 JAN 2024 03:04:05 -0030", "2024-01-02T03:34:05.000Z"],
  ["Tue, 2 Jan 2024 03:04:05 *0000", "2024-01-02T03:04:05.000Z"],
  ["Tue, 32 Jan 2024 03:04:05 +0000", null],
  // Obsolete years and zones (RFC 5322, 4.3)
  ["Thu, 22 Aug 02 08:27:38 GMT", "2002-08-22T08:27:38.000Z"],
  ["Thu, 22 Aug 99 08:27:38 EST", "1999-08-22T13:27:38.000Z"],
  ["Thu, 22 Aug 102 08:27:38 PDT", "2002-08-22T15:27:38.000Z"],
  ["Thu, 22 Aug 2002 08:27:38 A", "2002-08-22T08:27:38.000Z"],
  ["Thu, 22 Aug 2002 08:27:38", "2002-08-22T08:27:38.000Z"],
  // What else is sent
  ["Thu Aug 22 13:27:39 2002", "2002-08-22T13:27:39.000Z"],
  ["Thu Aug 22 13:27:39 EDT 2002", "2002-08-22T17:27:39.000Z"],
  ["Thursday, 22-August-2002 1:27:39 PM +0200", "2002-08-22T11:27:39.000Z"],
  ["Thu, 22 Aug 2002 08:27:38 GMT+0200", "2002-08-22T06:27:38.000Z"],
  ["Thu, 22 Aug 2002 08:27:38.123 +02:00", "2002-08-22T06:27:38.000Z"],
  ["Thu, 22 Aug 2002 08:27:38 UT +0200", "2002-08-22T06:27:38.000Z"],
  ["29 Feb 2000 00:00:00 +0000", "2000-02-29T00:00:00.000Z"],
  ["29 Feb 2001 00:00:00 +0000", null],
  ["31 Apr 2001 00:00:00 +0000", null],
  ["Wed, 24 Jul 0102 21:48:06 +1200", null],
  ["22 Foo 2002 08:27:38 +0000", null],
  ["22 Aug 2002 24:00:00 +0000", null],
  ["22 Aug 2002 13:00:00 PM", null],
  ["Aug 22 13:27:39", null],
  ["", null],
  ["tomorrow", null],
];

test("dates", () => {
  for (const [text, iso] of cases) {
    const time = parseDate(text);
    assert.equal(time === null ? null : new Date(time).toISOString(), iso, text);
  }
});
