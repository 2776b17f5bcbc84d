// Many bad files cost no more than one, and hide no good one.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Attachment } from "../../shared/task.ts";
import { archivesConfig, documentsConfig, officeConfig, pdfConfig } from "./config.ts";
import { type DocumentSettings, readDocuments } from "./documents.ts";

const settings: DocumentSettings = {
  archives: archivesConfig.archives.fallback,
  documents: documentsConfig.documents.fallback,
  office: officeConfig.office.fallback,
  pdf: pdfConfig.pdf.fallback,
};

function attachment(part: number, detected: string, content: Buffer): Attachment {
  return { part, filename: `${part}`, extension: "", type: detected, detected, digest: "", content };
}

/** So many bytes of a file that consists of one piece, again and again. */
function full(size: number, head: string, piece: string): Buffer {
  const bytes = Buffer.alloc(size, piece, "latin1");
  bytes.write(head, "latin1");
  return bytes;
}

const megabyte = 1024 * 1024;
const link = Buffer.from("%PDF-1.7\n1 0 obj\n<< /S /URI /URI (http://a.example.org/) >>\nendobj\n");
const pieces = [
  "/A#42#43 ",
  "/URI (http://a.example/)",
  "stream\nendstream ",
  "1 0 obj /FlateDecode stream\nx\nendstream ",
  "1 0 obj /Subtype /Image /Width 9 /Height 9 /Filter /FlateDecode stream\nx\nendstream ",
  " /Launch",
  "1 0 obj",
];

test("eight files of 8 MB are read in part, and the small one in full", () => {
  const hostile = pieces.map((piece, part) =>
    attachment(part, "application/pdf", full(8 * megabyte, "%PDF-1.7\n", piece)),
  );
  const rich = attachment(8, "application/rtf", full(8 * megabyte, "{\\rtf1 ", "\\fldinst "));
  const { pdf, office } = readDocuments([...hostile, rich, attachment(9, "application/pdf", link)], settings);
  assert.deepEqual(
    pdf.map(({ part }) => part),
    [0, 1, 2, 3, 4, 5, 6, 9],
  );
  // Those that come last may use what the others left.
  for (const { part, found } of pdf.slice(0, 5)) assert.ok(found.limited, pieces[part]);
  assert.equal(pdf.at(-1)?.found.limited, false);
  assert.deepEqual(pdf.at(-1)?.found.urls, ["http://a.example.org/"]);
  assert.deepEqual(
    office.map(({ part, found }) => [part, found.limited]),
    [[8, true]],
  );
});

test("a file alone may take what eight share", () => {
  const content = full(8 * megabyte, "%PDF-1.7\n", "1 0 obj << /Type /Page >> endobj\n");
  const alone = readDocuments([attachment(1, "application/pdf", content)], settings);
  assert.equal(alone.pdf[0]?.found.limited, false);
  const eight = readDocuments(
    Array.from({ length: 8 }, (_, part) => attachment(part, "application/pdf", content)),
    settings,
  );
  assert.deepEqual(new Set(eight.pdf.map(({ found }) => found.limited)), new Set([true]));
});

test("the same message is always read alike", () => {
  const read = () => {
    const files = pieces.map((piece, part) =>
      attachment(part, "application/pdf", full(megabyte, "%PDF-1.7\n", `${piece}/JS `)),
    );
    return readDocuments(files, { ...settings, documents: { effort: 2_000_000 } }).pdf.map(({ found }) => found);
  };
  assert.deepEqual(read(), read());
});

test("files beyond the number of those that are read are named", () => {
  const many = Array.from({ length: 22 }, (_, part) => attachment(part, "application/pdf", link));
  const { pdf, unread } = readDocuments(many, settings);
  assert.equal(pdf.length, 20);
  assert.deepEqual(
    unread.map(({ part }) => part),
    [20, 21],
  );
});
