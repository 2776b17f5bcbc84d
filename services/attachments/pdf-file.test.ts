// Where streams begin and end, and objects in them, when the file does not want it to be seen.

import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import { type PdfLimits, readPdf } from "./pdf-file.ts";

const limits: PdfLimits = { documentBytes: 1e6, unpackedBytes: 1e5, objects: 100, trailerLines: 100, urls: 100 };
const urls = (...pieces: (string | Buffer)[]) =>
  readPdf(
    Buffer.concat(pieces.map((piece) => (typeof piece === "string" ? Buffer.from(piece, "latin1") : piece))),
    limits,
    { left: 1e6 },
  ).urls;

const link = "/S/URI/URI(http://a.example/)";
const object = `4 0 obj<<${link}>>endobj\n`;
const packed = deflateSync(`1 0 <<${link}>>`);
const head = (rest: string) => `5 0 obj<</Type/ObjStm/N 1/First 4${rest}>>stream\n`;

test("the length counts where it leads to the end, and else the mark", () => {
  const stored = deflateSync(`1 0 endstream <<${link}>>`, { level: 0 });
  assert.deepEqual(urls("%PDF-1.7\n", head(`/Filter/FlateDecode/Length ${stored.length}`), stored, "\nendstream"), [
    "http://a.example/",
  ]);
  assert.deepEqual(urls("%PDF-1.7\n", head("/Filter/FlateDecode/Length 9"), packed, "\nendstream"), [
    "http://a.example/",
  ]);
});

test("a stream without end, or that is a comment, hides no objects", () => {
  assert.deepEqual(urls("%PDF-1.7\n%stream\n", object), ["http://a.example/"]);
  assert.deepEqual(urls("%PDF-1.7\n1 0 obj<<>>stream\n", head("/Filter/FlateDecode"), packed, "\nendstream"), [
    "http://a.example/",
  ]);
  assert.deepEqual(urls("%PDF-1.7\n1 0 obj<</Filter/FlateDecode>>stream\n", packed, object, "\nendstream"), [
    "http://a.example/",
  ]);
});

test("a comment or an escape in the dictionary, blanks behind the word", () => {
  assert.deepEqual(
    urls("%PDF-1.7\n", "5 0 obj<</Type%\n/#4fbjStm/Filter/F#6cateDecode>>stream  \r\n", packed, "\nendstream"),
    ["http://a.example/"],
  );
});
