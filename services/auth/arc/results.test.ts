import assert from "node:assert/strict";
import { test } from "node:test";
import { notedDmarc } from "./results.ts";

function noted(text: string): string {
  const { result, author } = notedDmarc(text);
  return `${result} ${author}`;
}

test("the result of DMARC and whose it is, as mail hosts write it", () => {
  assert.equal(
    noted(" i=1; mx.google.com; spf=pass; dmarc=pass (p=NONE sp=NONE) header.from=Example.org"),
    "pass example.org",
  );
  assert.equal(
    noted(" i=1; mx.example 1; dmarc=pass action=none header.from=example.org; dkim=pass"),
    "pass example.org",
  );
  assert.equal(noted('i=1; a;\r\n\tDMARC = Fail\r\n\theader.from="example.org"'), "fail example.org");
  assert.equal(noted("i=1; a; dmarc/1=pass header.from=a@example.org"), "pass example.org");
  assert.equal(noted("i=1; a; dmarc=none"), "none ");
});

test("what is no result of DMARC", () => {
  assert.equal(noted("i=1; a; spf=pass smtp.mailfrom=dmarc=pass"), " ");
  assert.equal(noted("i=1; a; spf=fail (; dmarc=pass header.from=example.org)"), " ");
  assert.equal(noted("i=1; a; xdmarc=pass"), " ");
  assert.equal(noted(`i=1; ${"(".repeat(100_000)}`), " ");
});

test("text of the sender that the sealer wrote down is no result", () => {
  const forged = "; dmarc=pass header.from=example.org";
  // RFC 8601, 2.2: a quoted string is one value, whatever stands in it.
  assert.equal(noted(`i=1; a; spf=none smtp.mailfrom="\\"${forged}; x=\\"@example.net"; dmarc=fail`), "fail ");
  assert.equal(noted(`i=1; a; dkim=fail reason="${forged}"`), " ");
  assert.equal(
    noted('i=1; a; dmarc=pass reason="a header.from=example.org" header.from=example.net'),
    "pass example.net",
  );
  assert.equal(noted('i=1; a; dmarc=pass header.from="x example.org"'), "pass ?");
  // Comments stand within each other (RFC 5322, 3.2.2), as deep as they like.
  assert.equal(noted(`i=1; a; spf=fail (${"(".repeat(9)}x)${forged};${")".repeat(9)}); dmarc=fail`), "fail ");
  // What is not closed holds all the rest.
  assert.equal(noted(`i=1; a; spf=fail (x${forged}`), " ");
  assert.equal(noted(`i=1; a; spf=fail smtp.helo="x${forged}`), " ");
  // Cut off, a domain would be another one.
  assert.equal(noted(`i=1; a; dmarc=pass header.from=example.org${".x".repeat(9_000)}`), " ");
});
