import assert from "node:assert/strict";
import { test } from "node:test";
import { detectType } from "./file-type.ts";

/** A zip of empty, stored files with a central directory. */
function zip(names: readonly string[], content = "", directory = true): Buffer {
  const locals: Buffer[] = [];
  const entries: Buffer[] = [];
  for (const name of names) {
    const local = Buffer.alloc(30);
    local.write("PK\x03\x04", "latin1");
    local.writeUInt16LE(name.length, 26);
    locals.push(local, Buffer.from(name + content));
    const entry = Buffer.alloc(46);
    entry.write("PK\x01\x02", "latin1");
    entry.writeUInt16LE(name.length, 28);
    entries.push(entry, Buffer.from(name));
  }
  const start = locals.reduce((sum, bytes) => sum + bytes.length, 0);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt32LE(start, 16);
  return Buffer.concat(directory ? [...locals, ...entries, end] : locals);
}

function executable(): Buffer {
  const bytes = Buffer.alloc(128);
  bytes.write("MZ");
  bytes.writeUInt32LE(64, 60);
  bytes.write("PE", 64);
  return bytes;
}

function at(offset: number, magic: string): Buffer {
  const bytes = Buffer.alloc(offset + 64);
  bytes.write(magic, offset, "latin1");
  return bytes;
}

const office = "application/vnd.openxmlformats-officedocument.";
const cases: readonly (readonly [type: string, bytes: Buffer | string])[] = [
  ["", ""],
  ["", "Hello world"],
  ["", "MZ is how the zone begins, and BM another one"],
  ["application/pdf", "%PDF-1.7"],
  ["application/pdf", `${"x".repeat(500)}%PDF-1.7${" ".repeat(1000)}`],
  ["application/pdf", `\x80${"x".repeat(500)}%PDF-2.0\n1 0 obj`],
  ["application/rtf", "{\\rt0"],
  ["application/vnd.rar", "Rar!\x1a\x07\x01\x00"],
  ["application/x-7z-compressed", "7z\xbc\xaf\x27\x1c"],
  ["application/gzip", "\x1f\x8b\x08"],
  ["application/x-bzip2", "BZh9"],
  ["application/x-xz", "\xfd7zXZ\0"],
  ["application/vnd.ms-cab-compressed", "MSCF\0\0"],
  ["application/x-elf", "\x7fELF"],
  ["application/vnd.microsoft.portable-executable", executable()],
  ["image/png", "\x89PNG\r\n\x1a\n"],
  ["image/jpeg", "\xff\xd8\xff\xe0"],
  ["image/gif", "GIF89a"],
  ["image/webp", "RIFF....WEBP"],
  ["image/tiff", "II*\0"],
  ["image/bmp", Buffer.concat([Buffer.from("BM"), Buffer.alloc(12), Buffer.of(40, 0, 0, 0), Buffer.alloc(20)])],
  ["application/x-ole-storage", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"],
  ["application/rtf", "{\\rtf1"],
  ["application/x-ms-shortcut", "L\0\0\0\x01\x14\x02\0"],
  ["text/calendar", "BEGIN:VCALENDAR\r\n"],
  ["text/html", " \n<!DOCTYPE html><html>"],
  ["text/html", "\xef\xbb\xbf<HTML lang=x>"],
  ["text/html", "<!-- x --><html>"],
  ["text/xml", '<?xml version="1.0"?><a/>'],
  ["image/svg+xml", '<?xml version="1.0"?><svg >'],
  ["application/x-tar", at(257, "ustar")],
  ["application/x-iso9660-image", at(0x8001, "CD001")],
  ["audio/mpeg", "ID3\x03"],
  ["audio/mpeg", "\xff\xfb\x90\x00"],
  ["video/mp4", "\0\0\0\x18ftypmp42"],
  ["application/zip", zip(["a.txt"])],
  ["application/zip", "PK\x03\x04"],
  [`${office}wordprocessingml.document`, zip(["[Content_Types].xml", "word/document.xml"])],
  [`${office}spreadsheetml.sheet`, zip(["[Content_Types].xml", "xl/workbook.xml"], "", false)],
  [`${office}presentationml.presentation`, zip(["[Content_Types].xml", "ppt/presentation.xml"])],
  ["application/java-archive", zip(["META-INF/MANIFEST.MF", "A.class"])],
  ["application/vnd.android.package-archive", zip(["AndroidManifest.xml", "META-INF/MANIFEST.MF"])],
  ["application/vnd.oasis.opendocument.text", zip(["mimetype"], "application/vnd.oasis.opendocument.text")],
];

test("types by the first bytes", () => {
  for (const [type, bytes] of cases) {
    const buffer = typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes;
    assert.equal(detectType(buffer), type, JSON.stringify(buffer.toString("latin1").slice(0, 40)));
  }
});

test("cut files are looked at without harm", () => {
  for (const [, bytes] of cases) {
    const buffer = typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes;
    for (let length = 0; length < Math.min(buffer.length, 200); length++) detectType(buffer.subarray(0, length));
  }
  const lying = zip(["a", "b"]);
  lying.fill(0xff, lying.length - 6);
  assert.equal(detectType(lying), "application/zip");
});
