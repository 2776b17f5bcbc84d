// Dialogues of a mail server with the gateway, played by Debian's miltertest: it has its own code for the protocol.
// Those in the folder itself hold for the whole filter too.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import type { Sluice } from "../servers/sluice.ts";
import { type FakeFilter, startFakeFilter } from "./fake-filter.ts";
import { program } from "./program.ts";
import { startRealFilter } from "./real-filter.ts";

const folder = join(import.meta.dirname, "dialogues");
const prelude = readFileSync(join(folder, "prelude.lua"), "utf8");
const forBoth = globSync("*.lua", { cwd: folder })
  .filter((file) => file !== "prelude.lua")
  .sort();
const forFake = globSync("fake-coordinator/*.lua", { cwd: folder }).sort();
let fake: FakeFilter;
let real: Sluice;

before(async () => {
  fake = await startFakeFilter();
  real = await startRealFilter();
});

after(async () => {
  await fake?.close();
  await real?.close();
});

test("there are dialogues", () => {
  assert.ok(forBoth.length > 0 && forFake.length > 0);
});

for (const file of [...forBoth, ...forFake]) {
  test(`fake coordinator: ${basename(file, ".lua")}`, async () => {
    assert.equal(await play(file, "fake", fake.port), "");
  });
}

for (const file of forBoth) {
  test(`whole filter: ${basename(file, ".lua")}`, async () => {
    assert.equal(await play(file, "real", real.milter), "");
  });
}

/** What miltertest complains of; "" when it is content. */
function play(file: string, filter: "fake" | "real", port: number): Promise<string> {
  return new Promise((resolve) => {
    const args = ["-D", `port=${port}`, "-D", `filter=${filter}`];
    const child = execFile(program("miltertest", "miltertest"), args, { timeout: 60_000 }, (error, stdout, stderr) => {
      resolve(error ? `${stdout}${stderr}` || error.message : "");
    });
    child.stdin?.end(`${prelude}\n${readFileSync(join(folder, file), "utf8")}`);
  });
}
