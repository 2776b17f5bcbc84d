import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mock, test } from "node:test";
import { silent } from "../../../shared/log.ts";
import { openLmdbStore } from "../../../shared/store/lmdb.ts";
import { recallMail, rememberMail } from "./seen.ts";

test("the symbols of a mail are known here at once, and elsewhere when they are written with others", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-seen-"));
  const [store, elsewhere] = [await openLmdbStore({ folder }), await openLmdbStore({ folder })];
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const place = { store, log: silent };
    rememberMail(place, "one", Uint8Array.of(1), 60_000);
    rememberMail(place, "two", Uint8Array.of(2), 60_000);
    assert.deepEqual(await recallMail(store, "one"), Uint8Array.of(1));
    assert.equal(await recallMail(elsewhere, "one"), undefined);
    mock.timers.tick(2_000);
    assert.deepEqual(await recallMail(store, "one"), Uint8Array.of(1), "it is on its way");
    // Written after them, so they are there when this is.
    await store.set("later", "1", 60_000);
    for (const [name, byte] of Object.entries({ one: 1, two: 2 })) {
      assert.deepEqual(await recallMail(elsewhere, name), Uint8Array.of(byte));
      assert.deepEqual(await recallMail(store, name), Uint8Array.of(byte));
    }
    assert.equal(await recallMail(store, "three"), undefined);
  } finally {
    mock.timers.reset();
    await store.close();
    await elsewhere.close();
    await rm(folder, { recursive: true });
  }
});

test("many mails do not wait for the clock", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-seen-"));
  const [store, elsewhere] = [await openLmdbStore({ folder }), await openLmdbStore({ folder })];
  for (let i = 0; i < 1_000; i++) rememberMail({ store, log: silent }, `mail ${i}`, Uint8Array.of(i % 256), 60_000);
  for (const i of [0, 999])
    assert.deepEqual(await recallMail(store, `mail ${i}`), Uint8Array.of(i % 256), "on its way");
  await store.set("later", "1", 60_000);
  assert.deepEqual(await recallMail(elsewhere, "mail 499"), Uint8Array.of(499 % 256));
  await store.close();
  await elsewhere.close();
  await rm(folder, { recursive: true });
});
