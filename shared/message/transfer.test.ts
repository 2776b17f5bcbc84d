import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeTransfer } from "./transfer.ts";

const cases: readonly (readonly [encoding: string, body: string, content: string, flaw?: string])[] = [
  ["", "a=\n", "a=\n"],
  ["x-unknown", "YQ==", "YQ=="],
  ["base64", "QUJD", "ABC"],
  ["base64", "QU\r\nJD\r\n", "ABC"],
  ["base64", "QUI", "AB"],
  ["base64", "QUI=\n", "AB"],
  ["base64", "QU!J-D", "ABC", "bad-base64"],
  ["base64", "QUI=\nQUJD", "ABABC", "bad-base64"],
  [
    "base64",
    `${"QQ==".repeat(2000)}QUJD`,
    `${"A".repeat(1000)}${Buffer.from(`${"QQ".repeat(1000)}QUJD`, "base64").toString("latin1")}`,
    "bad-base64",
  ],
  ["base64", "", ""],
  ["quoted-printable", "a=3Db=\r\nc=\nd", "a=bcd"],
  ["quoted-printable", "=c3=BC", "\xc3\xbc"],
  ["quoted-printable", "a= \t\nb", "ab"],
  ["quoted-printable", "a=", "a"],
  ["quoted-printable", "a=zz=4", "a=zz=4", "bad-quoted-printable"],
  ["quoted-printable", "plain \xe9", "plain \xe9"],
  ["x-uuencode", "begin 644 a.txt\n#0V%T\n`\nend\n", "Cat"],
  ["x-uuencode", "no such thing", "no such thing"],
];

test("transfer encodings", () => {
  for (const [encoding, body, content, flaw = null] of cases) {
    const found = decodeTransfer(Buffer.from(body, "latin1"), encoding);
    assert.deepEqual([found.bytes.toString("latin1"), found.flaw], [content, flaw], `${encoding} ${body}`);
  }
});
