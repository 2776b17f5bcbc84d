import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { inflated } from "./inflate.ts";

async function read(bytes: Buffer, size: number): Promise<string> {
  async function* chunks(): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  const all: Buffer[] = [];
  for await (const chunk of inflated(chunks())) all.push(chunk);
  return Buffer.concat(all).toString();
}

const mail = Buffer.from(`Subject: roses\n\n${"Hello\n".repeat(100)}`);

test("what is compressed is decompressed, and the rest stays as it is", async () => {
  for (const bytes of [mail, gzipSync(mail), zstdCompressSync(mail)]) {
    for (const size of [1, 7, 65_536]) assert.equal(await read(bytes, size), mail.toString());
  }
  for (const text of ["", "a"]) assert.equal(await read(Buffer.from(text), 10), text);
});

test("what is cut off is told", async () => {
  await assert.rejects(read(gzipSync(mail).subarray(0, 40), 10));
});
