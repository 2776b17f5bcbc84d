// Blobs as files of a folder. Large bytes in a B-tree would be copied with it; the file system keeps them better.

import { createHash, randomUUID } from "node:crypto";
import { opendir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ensureFolder } from "../ensure-folder.ts";
import { blobLimit, checkKey, checkSize, checkTtl } from "./limits.ts";
import type { Store } from "./store.ts";

/** Seconds since 1970 that a file's time can hold for sure: the year 2100 stands for ever. */
const farFuture = 4_102_444_800;
/** ms after which a half-written file has no writer any more. */
const orphaned = 3_600_000;

export type BlobFiles = Pick<Store, "putBlob" | "getBlob" | "deleteBlob"> & { sweep(): Promise<void> };

export function blobFiles(folder: string, now: () => number): BlobFiles {
  // A key is any text: only its hash is fit for a file name.
  const path = (key: string) => join(folder, createHash("sha256").update(checkKey(key)).digest("hex"));

  return {
    async putBlob(key, bytes, ttl) {
      const target = path(key);
      checkTtl(ttl);
      checkSize(bytes.length, blobLimit);
      ensureFolder(folder);
      const half = `${target}.${randomUUID()}.half`;
      await writeFile(half, bytes);
      // The time of the file says when it expires.
      await utimes(half, 0, Math.min((now() + ttl) / 1000, farFuture));
      await rename(half, target);
    },
    async getBlob(key) {
      const file = path(key);
      try {
        const { mtimeMs } = await stat(file);
        return mtimeMs <= now() ? undefined : new Uint8Array(await readFile(file));
      } catch (thrown) {
        if (isMissing(thrown)) return undefined;
        throw thrown;
      }
    },
    async deleteBlob(key) {
      await rm(path(key), { force: true });
    },
    /** Removes what has expired, and what was never finished. */
    async sweep() {
      try {
        for await (const { name } of await opendir(folder)) {
          const file = join(folder, name);
          const half = name.endsWith(".half");
          const { mtimeMs, ctimeMs } = await stat(file);
          if (half ? ctimeMs + orphaned < Date.now() : mtimeMs <= now()) await rm(file, { force: true });
        }
      } catch (thrown) {
        // No blob yet, or another process has swept at the same time.
        if (!isMissing(thrown)) throw thrown;
      }
    },
  };
}

function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT";
}
