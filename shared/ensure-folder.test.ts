import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ensureFolder } from "./ensure-folder.ts";

const folder = mkdtempSync(join(tmpdir(), "sluice-folder-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("makes all that is missing, once", () => {
  const path = join(folder, "a", "b", "c");
  ensureFolder(path, 0o750);
  ensureFolder(path, 0o750);
  assert.equal(statSync(path).mode & 0o027, 0);
});

test("where there can be no folder it says so, and ends", () => {
  writeFileSync(join(folder, "file"), "");
  symlinkSync(join(folder, "nowhere", "else"), join(folder, "dangling"));
  for (const path of ["/proc/sluice/data", join(folder, "file", "data"), join(folder, "dangling", "data")]) {
    assert.throws(() => ensureFolder(path), /ENOENT|ENOTDIR|EEXIST|EACCES|EPERM/, path);
  }
});
