import assert from "node:assert/strict";
import { test } from "node:test";
import { longestString, NetstringReader, writeNetstring } from "./netstring.ts";

function read(stream: string, pieces: number): readonly (string | Error)[] {
  const reader = new NetstringReader();
  const found: (string | Error)[] = [];
  const bytes = Buffer.from(stream, "latin1");
  for (let at = 0; at < bytes.length; at += pieces) {
    reader.push(bytes.subarray(at, at + pieces));
    for (let next = reader.next(); next !== undefined; next = reader.next()) {
      found.push(next);
      if (next instanceof Error) return found;
    }
  }
  return found;
}

test("several in one piece, and one in several", () => {
  for (const pieces of [1, 2, 3, 100]) assert.deepEqual(read("5:hello,0:,2:a,,", pieces), ["hello", "", "a,"]);
  assert.deepEqual(read("5:hell", 1), []);
  assert.equal(writeNetstring("OK jö").toString("utf8"), "6:OK jö,");
});

test("what is none ends the stream", () => {
  for (const stream of [
    "hello",
    ":",
    "-1:,",
    "1x:,",
    "05:hello,",
    "5:hellox",
    "99999999999999999999:",
    `${longestString + 1}:`,
    "GET / HTTP/1.1\r\n\r\n",
    "1",
  ]) {
    for (const pieces of [1, 100]) {
      const last = read(stream, pieces).at(-1);
      if (stream === "1") assert.equal(last, undefined);
      else assert.ok(last instanceof Error, stream);
    }
  }
});

test("digits without end are not waited for", () => {
  const reader = new NetstringReader();
  reader.push(Buffer.from("1".repeat(5)));
  assert.ok(reader.next() instanceof Error);
});
