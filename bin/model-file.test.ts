import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { pack, readModels, type SavedModel, unpack, writeModels } from "./model-file.ts";

const models: readonly SavedModel[] = [
  { name: "bayes", schema: 3, bytes: new Uint8Array([1, 2, 3, 0, 255]) },
  { name: "other", schema: 0, bytes: new Uint8Array(100_000) },
];

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-model-file-"));
});
after(() => rm(folder, { recursive: true, force: true }));

const plain = (read: readonly SavedModel[]) => read.map((model) => ({ ...model, bytes: new Uint8Array(model.bytes) }));

test("what is written is read, for the owner only, and nothing is left beside it", async () => {
  const file = join(folder, "models");
  await writeFile(file, "an older one");
  await writeModels(file, models);
  assert.deepEqual(plain(await readModels(file)), models);
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.deepEqual(await readdir(folder), ["models"]);
});

test("a file that cannot be written leaves what was there", async () => {
  await assert.rejects(writeModels(join(folder, "no", "folder"), models), { code: "ENOENT" });
});

test("every byte counts", async () => {
  const whole = await pack(models);
  for (let at = 0; at < whole.length; at++) {
    const bytes = Buffer.from(whole);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    await assert.rejects(unpack(bytes, "m"), { name: "Fault", code: "bad-input" }, `byte ${at} was changed`);
    await assert.rejects(unpack(whole.subarray(0, at), "m"), { code: "bad-input" }, `cut at ${at}`);
  }
  await assert.rejects(unpack(Buffer.concat([whole, Buffer.from("x")]), "m"), /checksum is wrong/);
});

/** A file with a right checksum, and whatever is in it. */
function forged(head: string, packed: Buffer, first = "sluice-model 1"): Buffer {
  const all = Buffer.concat([Buffer.from(`${first}\n${head}\n`), packed]);
  return Buffer.concat([all, createHash("sha256").update(all).digest()]);
}

test("files of others, and of other versions", async () => {
  await assert.rejects(unpack(Buffer.from("From: a@example.org\n\nHello\n"), "m"), /m is no file of models/);
  await assert.rejects(unpack(forged("{}", gzipSync(""), "sluice-model 2"), "m"), /is of version 2; .* version 1/);
});

test("a list that says something else than what is there", async () => {
  const packed = gzipSync(Buffer.alloc(10));
  const list = (...entries: readonly unknown[]) => JSON.stringify({ models: entries });
  const one = { name: "a", schema: 1, size: 10 };
  assert.equal((await unpack(forged(list(one), packed), "m")).length, 1);
  for (const head of [
    "",
    "null",
    "{}",
    list(null),
    list({ ...one, size: -1 }),
    list({ ...one, size: 1.5 }),
    list({ ...one, schema: "1" }),
    list({ ...one, name: 1 }),
    list({ ...one, size: 5 }, { ...one, size: 5 }),
  ]) {
    await assert.rejects(unpack(forged(head, packed), "m"), /its list of models cannot be read/, head);
  }
  await assert.rejects(unpack(forged(list({ ...one, size: 9 }), packed), "m"), { code: "bad-input" });
  await assert.rejects(unpack(forged(list({ ...one, size: 11 }), packed), "m"), /does not hold what it lists/);
  await assert.rejects(unpack(forged(list({ ...one, size: 2 ** 50 }), packed), "m"), /is too large/);
  await assert.rejects(unpack(forged(list(one), Buffer.from("no gzip")), "m"), /cannot be unpacked/);
});

test("a file that unpacks to more than it lists is not unpacked", async () => {
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
  const head = JSON.stringify({ models: [{ name: "a", schema: 1, size: 10 }] });
  await assert.rejects(unpack(forged(head, bomb), "m"), { code: "bad-input" });
});
