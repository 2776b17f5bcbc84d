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
