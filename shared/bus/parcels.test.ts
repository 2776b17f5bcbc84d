import assert from "node:assert/strict";
import { test } from "node:test";
import { openCodec } from "./codec.ts";
import { type Blobs, Parcels } from "./parcels.ts";

function shelf() {
  const lying = new Map<string, Uint8Array>();
  let puts = 0;
  const blobs: Blobs = {
    async putBlob(key, bytes) {
      puts += 1;
      lying.set(key, bytes);
    },
    getBlob: async (key) => lying.get(key),
  };
  return { blobs, lying, puts: () => puts };
}

const raw = new Uint8Array(300_000).fill(7);
const text = [{ text: "short" }];

test("small questions travel as they are, at once", () => {
  const parcels = new Parcels(openCodec(), shelf().blobs);
  const bytes = parcels.pack({ id: "1", facts: { text } });
  assert.ok(bytes instanceof Uint8Array);
  assert.deepEqual(parcels.unpack(bytes), { id: "1", facts: { text } });
});

test("a large fact goes through the store, once for all questions", async () => {
  const { blobs, puts } = shelf();
  const [here, there] = [new Parcels(openCodec(), blobs), new Parcels(openCodec(), blobs)];
  for (const id of ["1", "2", "3"]) {
    const bytes = await here.pack({ id, facts: { raw, text } });
    assert.ok(bytes.length < 1000);
    assert.deepEqual(await there.unpack(bytes), { id, facts: { raw, text } });
  }
  assert.equal(puts(), 1);
});

test("a large answer goes through the store", async () => {
  const codec = openCodec();
  const parcels = new Parcels(codec, shelf().blobs);
  assert.equal(parcels.putAnswer(codec.encode({ small: true })), undefined);
  const key = await parcels.putAnswer(codec.encode({ raw }));
  assert.deepEqual(await parcels.fetchAnswer(key ?? ""), { raw });
});

test("what is no longer in the store is unavailable", async () => {
  const { blobs, lying } = shelf();
  const parcels = new Parcels(openCodec(), blobs);
  const bytes = await parcels.pack({ facts: { raw } });
  lying.clear();
  await assert.rejects(async () => parcels.unpack(bytes), { code: "unavailable" });
});

test("without a store everything travels inline", () => {
  const parcels = new Parcels(openCodec(), undefined);
  const bytes = parcels.pack({ facts: { raw } });
  assert.ok(bytes instanceof Uint8Array && bytes.length > raw.length);
});
