import assert from "node:assert/strict";
import { test } from "node:test";
import v8 from "node:v8";
import { runInNewContext } from "node:vm";
import { organisationOf } from "./dmarc/organisation.ts";
import { AnswerCache } from "./dns/cache.ts";
import { isCharset } from "./message/charset.ts";
import { asciiHost } from "./message/domain.ts";
import { ownText } from "./own-text.ts";

v8.setFlagsFromString("--expose-gc");
const collect: unknown = runInNewContext("gc");

/** MB of the heap that are in use. */
function heldMegabytes(): number {
  assert.ok(typeof collect === "function");
  collect();
  return v8.getHeapStatistics().used_heap_size / 2 ** 20;
}

const mails = 60;

/** A word within a text of a megabyte, as the analysis cuts it out. */
function pieceOf(serial: number, word: string): string {
  const text = `${Buffer.alloc(2 ** 20, 97 + (serial % 20)).toString("latin1")}${word}`;
  return text.slice(2 ** 20);
}

function keeps(take: (serial: number) => void): number {
  const before = heldMegabytes();
  for (let serial = 0; serial < mails; serial++) take(serial);
  return heldMegabytes() - before;
}

test("a text is the same and on its own", () => {
  for (const text of ["", "mail.example.org", "münchen.example", "日本語.example"]) assert.equal(ownText(text), text);
  const pieces: string[] = [];
  assert.ok(keeps((serial) => pieces.push(pieceOf(serial, `host-${serial}.example.org`))) > mails / 2);
  const owned: string[] = [];
  assert.ok(keeps((serial) => owned.push(ownText(pieceOf(serial, `host-${serial}.example.org`)))) < mails / 4);
  assert.equal(pieces.length + owned.length, 2 * mails);
});

test("what is remembered of a mail does not keep the mail", () => {
  const cache = new AnswerCache({ size: 1e6, minTtl: 0, maxTtl: 1e6, negativeTtl: 1e6, failureTtl: 1e6 });
  const places: Readonly<Record<string, (serial: number) => void>> = {
    host: (serial) => asciiHost(pieceOf(serial, `host-${serial}.münchen.example`)),
    organisation: (serial) => organisationOf(pieceOf(serial, `host-${serial}.example.org`)),
    charset: (serial) => isCharset(pieceOf(serial, `x-no-such-charset-${serial}`)),
    answer: (serial) =>
      cache.put(`A ${pieceOf(serial, `host-${serial}.example.org`)}`, { status: "no-name", secure: false }, 60, 0),
  };
  for (const [place, take] of Object.entries(places)) assert.ok(keeps(take) < mails / 4, place);
  assert.equal(cache.get(`A host-${mails - 1}.example.org`, 1)?.status, "no-name");
});
