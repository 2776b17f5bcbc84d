import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { makeFolder } from "./config/folder.testing.ts";
import { openLog, reopenLogs } from "./log.ts";

async function holds(file: string, text: string): Promise<void> {
  while (!existsSync(file) || !readFileSync(file, "utf8").includes(text)) await pause(20);
}

/** Waits until standard error has been told. Other logs of this process may speak there too. */
function told(context: TestContext): (shape: RegExp) => Promise<void> {
  const lines: string[] = [];
  context.mock.method(console, "error", (text: string) => void lines.push(text));
  return async (shape) => {
    while (!lines.some((line) => shape.test(line))) await pause(20);
  };
}

test("a log that was renamed goes on in a new file, and nothing of it is lost", async (context) => {
  const file = join(makeFolder(context, {}), "log");
  const log = openLog({ level: "info", to: file });
  log.info("first");
  await holds(file, "first");
  renameSync(file, `${file}.1`);
  log.info("second");
  await holds(`${file}.1`, "second");
  reopenLogs();
  log.info("third");
  await holds(file, "third");
  assert.doesNotMatch(readFileSync(`${file}.1`, "utf8"), /third/);
  assert.doesNotMatch(readFileSync(file, "utf8"), /first|second/);
});

test("a log that cannot be opened again goes on in the old file, and says so", async (context) => {
  const file = join(makeFolder(context, {}), "log");
  const log = openLog({ level: "info", to: file });
  log.info("first");
  await holds(file, "first");
  renameSync(file, `${file}.1`);
  mkdirSync(file);
  const saying = told(context);
  reopenLogs();
  await saying(/the log cannot be written: EISDIR/);
  log.info("second");
  await holds(`${file}.1`, "second");
  rmdirSync(file);
  reopenLogs();
  log.info("third");
  await holds(file, "third");
});

test("a log on a full disk stops nothing, and what waited is written when there is room", async (context) => {
  const file = join(makeFolder(context, {}), "log");
  symlinkSync("/dev/full", file);
  const saying = told(context);
  const log = openLog({ level: "info", to: file });
  log.info("waits");
  await saying(/the log cannot be written: ENOSPC/);
  log.info("waits too");
  rmSync(file);
  reopenLogs();
  await holds(file, "waits too");
  assert.match(readFileSync(file, "utf8"), /"waits"/);
});

test("a process whose log is on a full disk ends when it is to", async (context) => {
  const program = `
    import { openLog } from ${JSON.stringify(join(import.meta.dirname, "log.ts"))};
    openLog({ level: "info", to: "/dev/full" }).info("lost");
    console.error = () => process.exit(3);
    setInterval(() => {}, 1000);
  `;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], { stdio: "ignore" });
  context.after(() => child.kill("SIGKILL"));
  assert.deepEqual(await once(child, "exit"), [3, null]);
});
