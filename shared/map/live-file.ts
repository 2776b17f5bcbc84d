// One file of a map as it changes: when a change counts, and what counts while the file cannot be read.

import { stampOf } from "../config/files.ts";
import type { MapKind } from "./entry.ts";
import { openLines, readMapText } from "./file.ts";

/** ms between two looks at a file, and between those at one that is changing. */
const lookEvery = 5_000;
const lookAgain = 1_000;
/** ms after which a file is read though it never rests. */
const patience = 30_000;
/** Characters that are read at once, some ms, and lines of a slice of what is longer. */
const readAtOnce = 65_536;
const slice = 500;

/** What a file is read into. */
export interface Content {
  add(key: string, value: string): void;
}

export interface LiveFile<Made extends Content> {
  /** As it was read last. `now` in ms, of a clock that never goes back. */
  content(now: number): Made;
  /** What an operator should know, each once. */
  takeProblems(): readonly string[];
}

/**
 * Follows a file. It is read when two looks saw it the same: before that it may be written still, or away for a moment.
 * A large one is read in slices beside everything else. What cannot be read leaves the content as it was; a file that is
 * away for good is empty.
 */
export function followFile<Made extends Content>(path: string, kind: MapKind, make: () => Made): LiveFile<Made> {
  let content: Made | undefined;
  let stamp = "";
  let due = 0;
  let changing: { readonly stamp: string; readonly since: number } | undefined;
  let isBeingRead = false;
  let unreadable = "";
  let problems: readonly string[] = [];

  function look(now: number): void {
    due = now + lookEvery;
    const seen = stampOf(path);
    // Who may read a file changes without a trace in its stamp.
    if (seen === stamp && unreadable === "") {
      changing = undefined;
      return;
    }
    if (changing?.stamp !== seen && unreadable === "") {
      changing = { stamp: seen, since: changing?.since ?? now };
      due = now + lookAgain;
      if (now - changing.since < patience) return;
    }
    read(seen, content ?? make());
  }

  /** `seen` is the stamp before: what is written meanwhile is seen by the next look. */
  function read(seen: string, before: Made, isFirst = false): void {
    stamp = seen;
    changing = undefined;
    const file = readMapText(path);
    if (file.kind === "unreadable") {
      if (file.problem !== unreadable)
        problems = [isFirst ? file.problem : `${file.problem}; what it held still counts`];
      unreadable = file.problem;
      content = before;
      return;
    }
    unreadable = "";
    if (file.kind === "absent") {
      if (!isFirst) problems = [`${path} is gone: it counts as empty`];
      content = make();
      return;
    }
    const made = make();
    const lines = openLines(file.text, kind, path, (key, value) => made.add(key, value));
    const finish = () => {
      isBeingRead = false;
      const kept = lines.isRubbish() && !isFirst;
      problems = [...lines.problems(), ...file.problems, ...(kept ? [`${path}: what it held still counts`] : [])];
      content = kept ? before : made;
    };
    // The first reading is waited for: without its maps a mail would be judged wrongly.
    if (lines.read(isFirst || file.text.length <= readAtOnce ? Number.POSITIVE_INFINITY : slice)) {
      finish();
      return;
    }
    isBeingRead = true;
    const goOn = () => {
      if (lines.read(slice)) finish();
      else setImmediate(goOn);
    };
    setImmediate(goOn);
  }

  return {
    content(now) {
      if (content === undefined) {
        due = now + lookEvery;
        const empty = make();
        read(stampOf(path), empty, true);
        content ??= empty;
      } else if (now >= due && !isBeingRead) look(now);
      return content;
    },
    takeProblems() {
      const taken = problems;
      problems = [];
      return taken;
    },
  };
}
