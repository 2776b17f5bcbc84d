// Documents of the cases, cut and mutated: whatever the bytes are, there is an answer.

import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import { analyse } from "../../shared/message/analyse.ts";
import { parseCases } from "../../shared/testing.ts";
import { archivesConfig } from "./config.ts";
import { type Document, examine } from "./examine.ts";
import { readBinaryOffice } from "./office-binary.ts";
import { readRichText } from "./office-rtf.ts";
import { readTextOffice } from "./office-text.ts";
import { readXmlOffice } from "./office-xml.ts";
import { readPdf } from "./pdf-file.ts";

const office = { documentBytes: 65_536, macroBytes: 4096, partBytes: 8192 };
const pdf = { documentBytes: 65_536, unpackedBytes: 8192, objects: 100, trailerLines: 100, urls: 5 };

const plenty = () => ({ left: 1_000_000 });

/** One document of each case that has any. */
const documents: Document[] = [];
for (const file of globSync("cases/{office,pdf}.case", { cwd: import.meta.dirname })) {
  const path = resolve(import.meta.dirname, file);
  for (const { raw } of parseCases(readFileSync(path, "utf8"), path)) {
    documents.push(...examine(analyse(raw).attachments, archivesConfig.archives.fallback).documents);
  }
}

function read(kind: Document["kind"], content: Buffer): void {
  if (kind === "pdf") assert.ok(readPdf(content, pdf, plenty()).urls.length <= pdf.urls);
  else if (kind === "rtf") assert.ok(readRichText(content, office, plenty()));
  else if (kind === "ooxml") assert.ok(readXmlOffice(content, office, plenty()));
  else if (kind === "sheet" || kind === "flat") assert.ok(readTextOffice(content, kind, office, plenty()));
  else readBinaryOffice(content, office, plenty());
}

test("every kind is there", () => {
  assert.deepEqual(
    new Set(documents.map(({ kind }) => kind)),
    new Set(["ole", "ooxml", "rtf", "sheet", "flat", "pdf"]),
  );
});

test("cut at each length", () => {
  for (const { kind, content } of documents) {
    const step = content.length > 1000 ? 37 : 1;
    for (let length = 0; length < content.length; length += step) read(kind, content.subarray(0, length));
  }
});

test("mutated", () => {
  let state = 20_260_115;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  for (const { kind, content } of documents) {
    for (let round = 0; round < 100; round++) {
      const mutant = Buffer.from(content);
      for (let i = next() % 8; i >= 0; i--) mutant[8 + (next() % (mutant.length - 8))] = next() & 255;
      read(kind, mutant);
    }
  }
});

test("chains of sectors that run in a circle end", () => {
  const ole = documents.find(({ kind }) => kind === "ole")?.content;
  assert.ok(ole);
  const circle = Buffer.from(ole);
  // Every entry of the table points to the first sector behind it.
  for (let at = 512; at < 1024; at += 4) circle.writeUInt32LE(1, at);
  readBinaryOffice(circle, office, plenty());
});

test("the links of a PDF file, in each way of writing them", () => {
  const uris = "(http://a.example/\\(1\\)) (http://b.example/\\\n2) <687474703a2f2f632e6578616d706c652f> (nothing)";
  const objects = uris
    .match(/\((?:[^()\\]|\\[\s\S])*\)|<[^>]*>/g)
    ?.map((uri, i) => `${i} 0 obj\n<< /URI ${uri} >>\nendobj\n`);
  const { urls } = readPdf(Buffer.from(`%PDF-1.4\n${objects?.join("")}`), pdf, plenty());
  assert.deepEqual(urls, ["http://a.example/(1)", "http://b.example/2", "http://c.example/"]);
});
