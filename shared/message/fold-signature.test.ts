import assert from "node:assert/strict";
import { test } from "node:test";
import { foldSignature } from "./fold-signature.ts";

const hash = "h".repeat(43);
const signature = "S".repeat(344);
const tags = `d=example.org; s=sel; t=1760000000; h=from:to:subject:date:message-id; bh=${hash}=`;
const relaxedValue = `v=1; a=rsa-sha256; c=relaxed/relaxed; ${tags}; b=${signature}`;
const simpleValue = `v=1; a=rsa-sha256; c=simple/relaxed; ${tags}; b=${signature}; x=1770000000`;

/** What a verifier hashes of the field in either form: RFC 6376, 3.4.1, 3.4.2, with the value of b= taken out. */
const withoutSignature = (value: string) => value.replace(/((?:^|;)\s*b\s*=)[^;]*/, "$1");
const relaxed = (value: string) =>
  withoutSignature(value)
    .replace(/\r?\n/g, "")
    .replace(/[ \t]+/g, " ")
    .trim();
const signatureOf = (value: string) => /(?:^|;)\s*b\s*=([^;]*)/.exec(value)?.[1]?.replace(/\s+/g, "");

test("relaxed: short lines, and nothing changes for a verifier", () => {
  for (const lineEnd of ["\n", "\r\n"] as const) {
    const folded = foldSignature(relaxedValue, lineEnd);
    const lines = folded.split(lineEnd);
    assert.ok(lines.length > 5);
    for (const [at, line] of lines.entries()) assert.ok(line.length <= (at === 0 ? 64 : 73), line);
    for (const line of lines.slice(1)) assert.match(line, /^\t[^\s]/);
    assert.equal(relaxed(folded), relaxed(relaxedValue));
    assert.equal(signatureOf(folded), signature);
  }
});

test("simple: only the signature is folded", () => {
  const folded = foldSignature(simpleValue, "\r\n");
  assert.equal(withoutSignature(folded), withoutSignature(simpleValue));
  assert.equal(signatureOf(folded), signature);
  assert.ok(folded.split("\r\n").length > 4);
  // Without c= both forms are simple (RFC 6376, 3.5).
  const unsaid = `v=1; ${tags}; b=${signature}`;
  assert.equal(withoutSignature(foldSignature(unsaid, "\n")), withoutSignature(unsaid));
});

test("the hash of the body is not taken for the signature", () => {
  const folded = foldSignature(`v=1; bh=${"h".repeat(200)}; b=${signature}`, "\n");
  assert.ok(folded.startsWith(`v=1; bh=${"h".repeat(200)}; b=`));
});

test("tags without blanks, tags after the signature, blanks in the signature", () => {
  const tight = foldSignature(`v=1;c=relaxed/simple;b=${signature};d=example.org`, "\n");
  assert.equal(relaxed(tight), "v=1;c=relaxed/simple;b=;d=example.org");
  assert.equal(signatureOf(tight), signature);
  assert.equal(
    foldSignature("v=1; c=relaxed; b=ab cd\r\n\tef; d=example.org", "\n"),
    "v=1; c=relaxed; b=abcdef; d=example.org",
  );
});

test("a short one stays as it is, and so does what is no signature", () => {
  for (const value of ["v=1; b=abc; d=example.org", "", ";;;", "b=", "c=relaxed"]) {
    assert.equal(foldSignature(value, "\n"), value);
  }
});
