import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { open } from "lmdb";
import { Fault } from "../fault.ts";
import { Writer } from "./writer.ts";

test("a fault of one action leaves the others; a failure halfway gives up the whole commit", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-writer-"));
  const path = join(folder, "file.mdb");
  const root = open<Buffer, Buffer>({ path, noSubdir: true, encoding: "binary", keyEncoding: "binary" });
  const writer = new Writer(root);
  const [a, b, c] = ["a", "b", "c"].map((key) => Buffer.from(key));
  assert.ok(a && b && c);
  const refused = writer.run(() => {
    throw new Fault("failed", "refused");
  });
  const beside = writer.run(() => root.putSync(a, a));
  await assert.rejects(refused, { code: "failed" });
  await beside;
  assert.deepEqual(root.get(a), a);

  const broken = writer.run(() => {
    root.putSync(b, b);
    throw new Error("MDB_MAP_FULL");
  });
  const together = writer.run(() => root.putSync(c, c));
  await Promise.all([broken, together].map((action) => assert.rejects(action, { code: "unavailable" })));
  assert.deepEqual([root.get(a), root.get(b), root.get(c)], [a, undefined, undefined]);

  await writer.run(() => root.putSync(b, b));
  assert.deepEqual(root.get(b), b);
  writer.close();
  await assert.rejects(
    writer.run(() => {}),
    { code: "closed" },
  );
  await root.close();
  await rm(folder, { recursive: true });
});
