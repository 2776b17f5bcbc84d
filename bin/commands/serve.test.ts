// What the signals of a running filter do to its log. The rest of `serve` is tested where it can be seen: test/cli, test/workers.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { makeFolder } from "../../shared/config/folder.testing.ts";
import { program } from "../../test/servers/sluice.ts";

const doors = ["http.scan.bind_socket", "http.controller.bind_socket", "milter.bind_socket"];

for (const [signal, workers] of [
  ["SIGUSR1", []],
  ["SIGHUP", []],
  ["SIGUSR1", ["--workers", "2"]],
] as const) {
  test(`after ${signal} the log goes on in a new file ${workers.join(" ")}`, async (context) => {
    const folder = makeFolder(context, {});
    const file = join(folder, "log");
    const ports = doors.flatMap((door) => ["--set", `${door}=127.0.0.1:0`]);
    const args = ["serve", "--data", join(folder, "data"), "--log-to", file, ...workers, ...ports];
    const filter = spawn(program, args, { stdio: ["ignore", "ignore", "inherit"] });
    context.after(() => filter.kill("SIGKILL"));
    const ended = once(filter, "exit");
    while (!existsSync(file) || !readFileSync(file, "utf8").includes('"ready"')) await pause(50);
    renameSync(file, `${file}.1`);
    filter.kill(signal);
    while (!existsSync(file)) await pause(50);
    filter.kill("SIGTERM");
    assert.deepEqual(await ended, [0, null]);
    assert.match(readFileSync(file, "utf8"), /stopping: no new mail/);
    assert.doesNotMatch(readFileSync(`${file}.1`, "utf8"), /stopping: no new mail/);
  });
}
