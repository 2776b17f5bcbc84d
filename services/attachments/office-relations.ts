// Relations of new Office documents (ECMA-376, part 2, 9.3): what a part belongs to, fetches, or leads to.

import { decodeXML } from "entities";

/** Relations that fetch what they point to when the document is opened. Hyperlinks wait for a click. */
const fetched = /\/(?:attachedTemplate|oleObject|frame|subDocument|externalLink|aFChunk)$/;
/** Places outside this machine. */
const remote = /^(?:https?:|ftp:|mhtml:|\\\\|file:(?:\/\/|\\\\)[^/\\])/i;
/** Parts that are code, whatever they are called. */
const code = /\/(?:vbaProject|xlMacrosheet|xlIntlMacrosheet)$/;
/** Parts that are documents themselves. */
const documents = /\/(?:aFChunk|package|oleObject)$/;

/** One tag; a quoted value may hold ">". */
const tagPattern = /<(?:\w{1,20}:)?Relationship\s(?:[^"'<>]|"[^"<]{0,4096}"|'[^'<]{0,4096}'){1,200}>/g;
/** Relations of one part that are looked at. */
const maxRelations = 2000;

/** Text of an XML part: in UTF-16 where its mark says so. */
export function xmlText(bytes: Buffer): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return bytes.toString("utf16le", 2);
  if (first !== 0xfe || second !== 0xff) return bytes.toString("utf8");
  return Buffer.from(bytes.subarray(2, bytes.length - (bytes.length % 2)))
    .swap16()
    .toString("utf16le");
}

function attribute(tag: string, name: string): string {
  const found = new RegExp(`\\s${name}\\s{0,9}=\\s{0,9}(?:"([^"]{0,4096})"|'([^']{0,4096})')`).exec(tag);
  return decodeXML(found?.[1] ?? found?.[2] ?? "").trim();
}

export interface Relations {
  /** First place elsewhere that is fetched; "" without. */
  external: string;
  /** File names of parts that are code, and of those that are documents, in lower case. */
  readonly code: Set<string>;
  readonly documents: Set<string>;
  /** What hyperlinks lead to. */
  readonly links: Set<string>;
}

export function noRelations(): Relations {
  return { external: "", code: new Set(), documents: new Set(), links: new Set() };
}

/** Hyperlinks of one document that are kept. */
const maxLinks = 200;

/** Adds the relations that stand in a part. */
export function addRelations(xml: string, known: Relations): void {
  let looked = 0;
  for (const [tag] of xml.matchAll(tagPattern)) {
    if (looked++ >= maxRelations) return;
    const type = attribute(tag, "Type");
    const target = attribute(tag, "Target");
    if (attribute(tag, "TargetMode").toLowerCase() !== "external") {
      const name = target.slice(target.lastIndexOf("/") + 1).toLowerCase();
      if (code.test(type)) known.code.add(name);
      else if (documents.test(type)) known.documents.add(name);
      continue;
    }
    if (type.endsWith("/hyperlink")) {
      if (/^(?:https?|ftp):/i.test(target) && known.links.size < maxLinks) known.links.add(target);
    } else if (fetched.test(type) && remote.test(target) && !/^file:\/\/\//i.test(target)) {
      // A workbook that refers to another is usual, unless it is on a server of somebody else's.
      known.external ||= target;
    }
  }
}
