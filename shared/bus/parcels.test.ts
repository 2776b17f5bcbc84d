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

test("what is too much together goes through the store as a whole", async () => {
  const { blobs, lying } = shelf();
  const parcels = new Parcels(openCodec(), blobs, () => 100_000);
  const facts = Object.fromEntries(["a", "b", "c"].map((name) => [name, { name, bytes: new Uint8Array(60_000) }]));
  const question = { id: "1", findings: { A_CHECK: "x".repeat(50_000) }, facts };
  const bytes = await parcels.pack(question);
  assert.ok(bytes.length < 1_000);
  assert.deepEqual(await parcels.unpack(bytes), question);
  const some = { ...question, findings: { A_CHECK: "y".repeat(150_000) }, facts: { raw, ...facts } };
  assert.deepEqual(await parcels.unpack(await parcels.pack(some)), some);
  lying.clear();
  await assert.rejects(async () => parcels.unpack(bytes), { code: "unavailable" });
});

test("an answer goes through the store where the server takes less than that", async () => {
  const parcels = new Parcels(openCodec(), shelf().blobs, () => 10_000);
  assert.equal(parcels.putAnswer(new Uint8Array(8_000)), undefined);
  assert.ok(await parcels.putAnswer(new Uint8Array(9_500)));
});

test("other blobs than parcels cannot be asked for", async () => {
  const { blobs, lying } = shelf();
  const codec = openCodec();
  const parcels = new Parcels(codec, blobs);
  lying.set("secret", codec.encode("secret"));
  const wrong = { code: "bad-input" };
  await assert.rejects(async () => parcels.unpack(codec.encode({ storedFacts: { raw: "secret" }, facts: {} })), wrong);
  await assert.rejects(async () => parcels.unpack(codec.encode({ storedQuestion: "secret" })), wrong);
  await assert.rejects(async () => parcels.unpack(codec.encode({ storedQuestion: 7 })), wrong);
  const many = Object.fromEntries(Array.from({ length: 33 }, (_, i) => [i, "parcel-1"]));
  await assert.rejects(async () => parcels.unpack(codec.encode({ storedFacts: many, facts: {} })), wrong);
});
