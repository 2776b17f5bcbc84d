// Notices changes of configuration files. The system's word is quick but not everywhere to be had (network file systems,
// mounted volumes), so that times and sizes are also looked at now and then.

import { type FSWatcher, watch } from "node:fs";
import { dirname } from "node:path";
import { isFolder, stampOf } from "./files.ts";

/** Editors write in several steps and packages many files: ms without a change before the files are read. */
const quiet = 150;

/** Files and folders with their state when they were read. */
export type Stamps = ReadonlyMap<string, string>;

export interface Watcher {
  /** Takes what a new reading has read. */
  follow(stamps: Stamps): void;
  close(): void;
}

/** Calls `changed` after something changed, once for changes in quick succession. It is expected to call `follow`. */
export function watchFiles(first: Stamps, pollEvery: number, changed: () => void): Watcher {
  let stamps = first;
  let watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | undefined;

  function look(): void {
    timer = undefined;
    if ([...stamps].some(([path, stamp]) => stampOf(path) !== stamp)) changed();
  }

  function soon(): void {
    clearTimeout(timer);
    timer = setTimeout(look, quiet);
    timer.unref();
  }

  // Folders are watched, not files: a file that an editor replaces is another file.
  function listen(): void {
    const next = new Map<string, FSWatcher>();
    const folders = [...stamps].map(([path, stamp]) => (isFolder(stamp) ? path : dirname(path)));
    for (const folder of new Set(folders)) {
      const watcher = watchers.get(folder) ?? openWatcher(folder, soon);
      watchers.delete(folder);
      if (watcher !== undefined) next.set(folder, watcher);
    }
    for (const watcher of watchers.values()) watcher.close();
    watchers = next;
  }

  listen();
  const poll = setInterval(() => {
    if (timer === undefined) look();
  }, pollEvery);
  poll.unref();
  return {
    follow(next) {
      stamps = next;
      listen();
    },
    close() {
      clearInterval(poll);
      clearTimeout(timer);
      for (const watcher of watchers.values()) watcher.close();
      watchers.clear();
    },
  };
}

/** undefined where the folder is missing or the system will not watch it: looking now and then remains. */
function openWatcher(folder: string, changed: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(folder, { persistent: false }, changed);
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}
