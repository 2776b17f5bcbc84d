import assert from "node:assert/strict";
import { test } from "node:test";
import { openCodec } from "./codec.ts";
import { busConformance } from "./conformance.ts";
import { openLocalBus } from "./local.ts";

busConformance("local, through the codec", async () => {
  const bus = openLocalBus({ freeze: true, through: openCodec() });
  return { bus: async () => bus, close: () => bus.close() };
});

test("a fact is encoded once, however many questions carry it", () => {
  const codec = openCodec();
  let reads = 0;
  const urls = {
    get host() {
      reads++;
      return "example.org";
    },
  };
  const facts = { urls, subject: "hello" };
  const first = codec.decode(codec.encode({ id: 1, facts }));
  const readsOfFirst = reads;
  const second = codec.decode(codec.encode({ id: 2, checks: ["A"], facts: { urls } }));
  assert.deepEqual(first, { id: 1, facts: { urls: { host: "example.org" }, subject: "hello" } });
  assert.deepEqual(second, { id: 2, checks: ["A"], facts: { urls: { host: "example.org" } } });
  assert.ok(readsOfFirst > 0);
  assert.equal(reads, readsOfFirst);
});

test("a question with facts is one MessagePack value like any other", () => {
  const codec = openCodec();
  for (const fields of [1, 14, 15, 16, 300]) {
    const rest = Object.fromEntries(Array.from({ length: fields }, (_, i) => [`field ${i}`, i]));
    const facts = Object.fromEntries(Array.from({ length: fields }, (_, i) => [`fact ${i}`, [i]]));
    assert.deepEqual(codec.decode(codec.encode({ ...rest, facts })), { ...rest, facts });
  }
});

test("undefined fields are left out", () => {
  const codec = openCodec();
  const sent = { a: undefined, b: { c: undefined }, facts: { raw: undefined, text: [] } };
  assert.deepEqual(codec.decode(codec.encode(sent)), { b: {}, facts: { text: [] } });
  assert.deepEqual(codec.decode(codec.encode({ a: undefined })), {});
});

test("bytes stay plain bytes, and are those that were sent", () => {
  const codec = openCodec();
  const decoded = codec.decode(codec.encode({ facts: { raw: Buffer.from("mail") } }));
  assert.deepEqual(decoded, { facts: { raw: Uint8Array.from([109, 97, 105, 108]) } });
});

test("what is no data is a fault of the sender", () => {
  const loop: { self?: unknown } = {};
  loop.self = loop;
  assert.throws(() => openCodec().encode(loop), { name: "Fault", code: "failed" });
  assert.throws(() => openCodec().encode({ facts: { s: Symbol("s") } }), { name: "Fault", code: "failed" });
});

test("bytes that are no MessagePack are a fault, whatever they claim", () => {
  const codec = openCodec();
  const garbage = [
    "", // nothing
    "dc", // an array without its length
    "ddffffffff", // arrays and maps of four billion
    "dfffffffff",
    "dd00ffffff".repeat(200),
    "c6ffffffff00", // bytes and text of four gigabytes
    "dbffffffff41",
    "81a161", // a key without value
    "9101ff", // one value too many
    "91".repeat(100_000), // nested without end
    "c7ff72", // extensions that are none
    "c70072",
    "d472",
    "c104",
  ];
  for (const hex of garbage) {
    assert.throws(() => codec.decode(Buffer.from(hex, "hex")), { name: "Fault", code: "bad-input" }, hex.slice(0, 20));
  }
});

test("every cut of a question is a fault or another value, never a crash", () => {
  const codec = openCodec();
  const bytes = codec.encode({
    id: "x",
    list: [1, "two", { three: 3.5 }],
    facts: { raw: new Uint8Array(20), text: ["ä"] },
  });
  for (let length = 0; length < bytes.length; length++) {
    assert.throws(
      () => codec.decode(bytes.subarray(0, length)),
      { name: "Fault", code: "bad-input" },
      `${length} bytes`,
    );
  }
});

test("a name of the prototype is a name like any other, and changes no prototype", () => {
  const codec = openCodec();
  const hostile = JSON.parse('{"__proto__": {"admin": true}, "constructor": 1, "toString": 2}');
  const decoded = codec.decode(codec.encode(hostile)) as Record<string, unknown>;
  assert.equal(Object.getPrototypeOf(decoded), Object.prototype);
  assert.equal(decoded.admin, undefined);
  assert.equal(decoded.constructor, 1);
});

test("more bytes than the limit are refused unread", () => {
  const codec = openCodec({ size: 100 });
  assert.throws(() => codec.decode(new Uint8Array(101)), { name: "Fault", code: "too-large" });
});
