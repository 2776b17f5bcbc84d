// What every driver must do with blobs. Part of `storeConformance`.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fails, type StoreWorld, same, short } from "./conformance.ts";
import { blobLimit, keyLimit } from "./limits.ts";
import type { Store } from "./store.ts";

interface BlobWorld {
  readonly world: StoreWorld;
  readonly store: Store;
  readonly other: Store;
  readonly key: string;
}

export function blobConformance(given: () => BlobWorld): void {
  test("a blob is there for every client until it expires or is deleted", async () => {
    const { world, store, other, key } = given();
    const body = new Uint8Array(3_000_000);
    for (let i = 0; i < body.length; i++) body[i] = (i * 7) & 255;
    assert.equal(await store.getBlob(key), undefined);
    await store.putBlob(key, body, 60_000);
    same(await other.getBlob(key), body);
    await other.putBlob(key, new Uint8Array(0), 60_000);
    assert.deepEqual(await store.getBlob(key), new Uint8Array(0));
    await store.deleteBlob(key);
    await store.deleteBlob(key);
    assert.equal(await other.getBlob(key), undefined);
    await store.putBlob(key, body, short);
    await world.pass(2 * short);
    assert.equal(await store.getBlob(key), undefined);
    await store.putBlob(key, Uint8Array.of(1), Number.POSITIVE_INFINITY);
    assert.deepEqual(await store.getBlob(key), Uint8Array.of(1));
  });

  test("blobs and keys do not meet", async () => {
    const { store, key } = given();
    await store.set(key, "value", 60_000);
    await store.putBlob(key, Uint8Array.of(1), 60_000);
    await store.delete(key);
    assert.deepEqual(await store.getBlob(key), Uint8Array.of(1));
  });

  test("a blob's key may be any text, and leads nowhere else", async () => {
    const { store, key } = given();
    for (const name of [`../../${key}`, `/${key}`, `${key}\0`]) {
      await store.putBlob(name, Buffer.from(name), 60_000);
      assert.deepEqual(await store.getBlob(name), new Uint8Array(Buffer.from(name)));
    }
    await fails("too-large", store.putBlob("k".repeat(keyLimit + 1), Uint8Array.of(1), 60_000));
    await fails("too-large", store.putBlob(key, new Uint8Array(blobLimit + 1), 60_000));
    await fails("failed", store.putBlob(key, Uint8Array.of(1), 0));
  });
}
