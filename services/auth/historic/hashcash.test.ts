// What a case, which is one message, cannot show: a stamp that is used twice.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Context } from "../../../shared/check.ts";
import { configOf } from "../../../shared/config/live.ts";
import { analyse } from "../../../shared/message/analyse.ts";
import { openLmdbStore } from "../../../shared/store/lmdb.ts";
import type { Store } from "../../../shared/store/store.ts";
import { hashcash, hashcashConfig } from "./hashcash.ts";
import { readStamp } from "./stamp.ts";

const folder = await mkdtemp(join(tmpdir(), "sluice-hashcash-"));
let store: Store;
before(async () => {
  store = await openLmdbStore({ folder });
});
after(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const stamp = "1:20:260114:bob@example.org::Kq7:mp6h";
const now = Date.parse("2026-01-15T12:00:00Z");

async function run(message: string, rcpts = ["bob@example.org"], config = ""): Promise<string[]> {
  const hits: string[] = [];
  const ctx = {
    config: configOf(hashcashConfig, config).get(hashcashConfig),
    store,
    now,
    hit: (symbol: string, { options = [] }: { options?: readonly string[] } = {}) => {
      hits.push([symbol, ...options].join(" "));
    },
  };
  const { headers, structure } = analyse(Buffer.from(message));
  await hashcash.run(
    { headers, structure, envelope: { rcpts } } as never,
    ctx as unknown as Context<string, never, unknown>,
  );
  return hits;
}

test("a stamp is good for one message, however often that is scanned, and by whom", async () => {
  const mail = `X-Hashcash: ${stamp}\r\nMessage-ID: <1@example.org>\r\nSubject: one\r\n\r\nHello\r\n`;
  assert.deepEqual(await run(mail), ["HASHCASH 20 bits"]);
  assert.deepEqual(await run(mail), ["HASHCASH 20 bits"]);
  assert.deepEqual(await run(`Received: from a by b; Thu, 15 Jan 2026 11:59:00 +0000\r\n${mail}`), [
    "HASHCASH 20 bits",
  ]);
  assert.deepEqual(await run(mail.replace("Hello", "Buy")), ["HASHCASH_BAD used before"]);
  assert.deepEqual(await run(mail.replace("<1@", "<2@")), ["HASHCASH_BAD used before"]);
});

test("a stamp that does not pay for everybody is not spent", async () => {
  const other = "1:22:2601141530:carol@example.org::x9Z:mha";
  const mail = (subject: string) => `X-Hashcash: ${other}\r\nSubject: ${subject}\r\n\r\nHello\r\n`;
  assert.deepEqual(await run(mail("one"), ["carol@example.org", "dave@example.org"]), [
    "HASHCASH_BAD not for each recipient",
  ]);
  assert.deepEqual(await run(mail("two"), ["carol@example.org"]), ["HASHCASH 22 bits"]);
});

test("so many stamps are looked at, and stamps in folded headers", async () => {
  const many = "X-Hashcash: free\r\n".repeat(200);
  assert.equal((await run(`${many}Subject: x\r\n\r\nHello\r\n`)).length, 20);
  const folded = `X-Hashcash: 1:20:260114:bob@example.org::\r\n Kq7:mp6h\r\nMessage-ID: <1@example.org>\r\nSubject: one\r\n\r\nHello\r\n`;
  assert.deepEqual(await run(folded), ["HASHCASH 20 bits"]);
  assert.deepEqual(await run(folded, undefined, "hashcash { min_bits = 21 }"), ["HASHCASH_BAD too few bits"]);
});

for (const [text, message] of [
  ["", "no stamp"],
  ["1:20:260114:bob@example.org::Kq7", "no stamp"],
  ["1:20:260114:bob@example.org::Kq7:mp6h:x", "no stamp"],
  ["1:x:260114:bob@example.org::Kq7:mp6h", "no stamp"],
  ["1:20:260114:::Kq7:mp6h", "no stamp"],
  ["0:20:260114:bob@example.org::Kq7:mp6h", "no stamp"],
  ["1:20:26011:bob@example.org::Kq7:mp6h", "no date"],
  ["1:20:261332:bob@example.org::Kq7:mp6h", "no date"],
  ["1:20:260114250000:bob@example.org::Kq7:mp6h", "no date"],
  ["1:20:260114:bob@example.org::Kq7:mp6i", "fewer bits than it claims"],
  [`1:20:260114:${"b".repeat(600)}::Kq7:mp6h`, "too long"],
] as const) {
  test(`refuses ${text.slice(0, 50)}`, () => {
    const read = readStamp(text);
    assert.ok(read instanceof Error);
    assert.equal(read.message, message);
  });
}

test("bits are those that it claims, not those it happens to have", () => {
  const read = readStamp(stamp);
  assert.ok(!(read instanceof Error));
  assert.deepEqual([read.bits, read.resource, read.date], [20, "bob@example.org", Date.UTC(2026, 0, 14)]);
});

test("tags of recipients do not count, and one of nothing but tags costs nothing", async () => {
  const mail = `X-Hashcash: ${stamp}\r\nSubject: tags\r\n\r\nHello\r\n`;
  // Each "+" could begin a tag that ends at an "@".
  const endless = `a@${"+".repeat(300_000)}`;
  assert.deepEqual(await run(mail, ["Bob+x+y@Example.org", endless]), ["HASHCASH_BAD not for each recipient"]);
  assert.deepEqual(await run(mail, ["Bob+x+y@Example.org"]), ["HASHCASH_BAD used before"]);
});
