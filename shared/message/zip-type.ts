// What a zip file holds: an office document, a Java or Android program, a book, or just files.

/** Entries of the central directory that are looked at. */
const maxEntries = 200;

/** Names of the entries: from the central directory (APPNOTE 4.3.12), else from the local headers in their order. */
function entryNames(bytes: Buffer): string[] {
  const names: string[] = [];
  const tail = Math.max(0, bytes.length - 66_000);
  const end = bytes.lastIndexOf("PK\x05\x06", undefined, "latin1");
  if (end >= tail && end + 22 <= bytes.length) {
    let at = bytes.readUInt32LE(end + 16);
    while (names.length < maxEntries && at + 46 <= bytes.length && bytes.readUInt32LE(at) === 0x02014b50) {
      const length = bytes.readUInt16LE(at + 28);
      names.push(bytes.toString("latin1", at + 46, at + 46 + length));
      at += 46 + length + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
    }
    if (names.length > 0) return names;
  }
  let at = bytes.indexOf("PK\x03\x04", 0, "latin1");
  while (at !== -1 && names.length < maxEntries && at + 30 <= bytes.length) {
    const length = bytes.readUInt16LE(at + 26);
    names.push(bytes.toString("latin1", at + 30, at + 30 + length));
    // Sizes may be absent here (bit 3 of the flags) or untrue: the next header is searched for.
    at = bytes.indexOf("PK\x03\x04", at + 30, "latin1");
  }
  return names;
}

/** OpenDocument and EPUB store their media type uncompressed as the first entry (ODF 1.3, part 2, 3.3). */
function storedType(bytes: Buffer): string {
  if (bytes.toString("latin1", 30, 38) !== "mimetype") return "";
  const start = 38 + bytes.readUInt16LE(28);
  const found = /^application\/[a-z0-9.+-]{1,80}/.exec(bytes.toString("latin1", start, start + 100));
  return found?.[0]?.replace(/PK$/, "") ?? "";
}

const openXml = "application/vnd.openxmlformats-officedocument.";

/** Media type of a file that starts as a zip does. */
export function zipType(bytes: Buffer): string {
  if (bytes.length < 30) return "application/zip";
  const stored = storedType(bytes);
  if (stored !== "") return stored;
  const names = entryNames(bytes);
  if (names.includes("[Content_Types].xml")) {
    if (names.some((name) => name.startsWith("word/"))) return `${openXml}wordprocessingml.document`;
    if (names.some((name) => name.startsWith("xl/"))) return `${openXml}spreadsheetml.sheet`;
    if (names.some((name) => name.startsWith("ppt/"))) return `${openXml}presentationml.presentation`;
  }
  if (names.includes("AndroidManifest.xml")) return "application/vnd.android.package-archive";
  if (names.includes("META-INF/MANIFEST.MF")) return "application/java-archive";
  return "application/zip";
}
