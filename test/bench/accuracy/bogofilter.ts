// Bogofilter: a classifier and nothing else, with Debian's settings and a word list of its own.

import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Candidate, isInstalled } from "./filter.ts";
import type { Taught } from "./mails.ts";

const program = "bogofilter";

export const bogofilter: Candidate = {
  name: "Bogofilter",
  rows: ["Bogofilter"],
  leavesOut: { fresh: "says nothing before it is taught" },
  missing: async () => (isInstalled(program) ? null : "apt-get install bogofilter"),
  async open() {
    const folder = await mkdtemp(join(tmpdir(), "sluice-bogofilter-"));
    let knowsSomething = false;
    return {
      async learn(lessons) {
        knowsSomething ||= lessons.length > 0;
        for (const { label, paths } of runsOf(lessons)) {
          await run(["-d", folder, label === "spam" ? "-s" : "-n", "-b"], paths.join("\n"));
        }
      },
      async judge(mails) {
        // It fails without a word list.
        if (!knowsSomething) return mails.map(() => [0.5]);
        // Terse: name of the file, S, H or U, and the probability.
        const said = await run(["-d", folder, "-T", "-v", "-b"], mails.map(({ path }) => path).join("\n"));
        const lines = said.trim().split("\n");
        if (lines.length !== mails.length) throw new Error(`bogofilter gave ${lines.length} of ${mails.length} scores`);
        return lines.map((line) => [Number(line.trim().split(/\s+/).at(-1))]);
      },
      close: () => rm(folder, { recursive: true, force: true }),
    };
  },
  end: async () => undefined,
};

/** Lessons of one label that follow each other are one call. */
function runsOf(lessons: readonly Taught[]): readonly { readonly label: string; readonly paths: string[] }[] {
  const runs: { label: string; paths: string[] }[] = [];
  for (const { mail, label } of lessons) {
    const last = runs.at(-1);
    if (last?.label === label) last.paths.push(mail.path);
    else runs.push({ label, paths: [mail.path] });
  }
  return runs;
}

function run(args: readonly string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { maxBuffer: 1 << 26 }, (err, out, said) => {
      // 0, 1 and 2 are verdicts: spam, ham, unsure.
      if (err !== null && !(typeof err.code === "number" && err.code <= 2)) {
        reject(new Error(`bogofilter failed: ${said}`, { cause: err }));
      } else resolve(out);
    });
    child.stdin?.end(`${input}\n`);
  });
}
