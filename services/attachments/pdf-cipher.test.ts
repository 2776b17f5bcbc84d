import assert from "node:assert/strict";
import { test } from "node:test";
import { pdfConfig } from "./config.ts";
import * as samples from "./pdf-encrypted.testing.ts";
import { readPdf } from "./pdf-file.ts";

const pdf = pdfConfig.pdf.fallback;
const limits = {
  documentBytes: pdf.document_bytes,
  unpackedBytes: 1_000_000,
  objects: 1_000,
  trailerLines: 100,
  urls: 10,
};
const read = (base64: string, change = (text: string) => text) => {
  const text = change(Buffer.from(base64, "base64").toString("latin1"));
  return readPdf(Buffer.from(text, "latin1"), limits, { left: 10_000_000 });
};
const { locked, ...open } = samples;

for (const [name, sample] of Object.entries(open)) {
  test(`what opens without a password is read: ${name}`, () => {
    const { encrypted, urls, limited } = read(sample);
    assert.deepEqual(
      { encrypted, urls, limited },
      { encrypted: true, urls: ["http://login.example.org/verify?a=(1)"], limited: false },
    );
  });
}

test("what asks for a password stays closed", () => {
  const { encrypted, urls } = read(locked);
  assert.deepEqual([encrypted, urls], [true, []]);
});

test("a dictionary that lies is none", () => {
  const { rc4With128Bits: sample, aesInObjectStreams } = open;
  const urls = (change: (text: string) => string) => read(sample, change).urls;
  assert.deepEqual(
    urls((text) => text.replace("/Standard", "/Unheard")),
    [],
  );
  assert.deepEqual(
    urls((text) => text.replace(/\/P -?\d+/, "/P 7")),
    [],
  );
  assert.deepEqual(
    urls((text) => text.replace("/V 2", "/V 6")),
    [],
  );
  assert.deepEqual(
    urls((text) => text.replace(/\/Length 128/, "/Length 99999999999999999999")),
    [],
  );
  assert.deepEqual(
    urls((text) => text.replace(/\/U [(<]/, "/U [")),
    [],
  );
  assert.deepEqual(
    urls((text) => text.replace(/\/Encrypt \d+/, "/Encrypt 99")),
    [],
  );
  assert.deepEqual(read(aesInObjectStreams, (text) => text.replace(/\/UE [(<]/, "/UE [")).urls, []);
});

test("bytes that are cut or changed anywhere throw nothing", () => {
  for (const sample of Object.values(open)) {
    const { length } = Buffer.from(sample, "base64");
    for (let at = 0; at < length; at += 7) {
      read(sample, (text) => text.slice(0, at));
      read(sample, (text) => `${text.slice(0, at)}\0${text.slice(at + 1)}`);
    }
  }
});
