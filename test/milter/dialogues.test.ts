// Dialogues of a mail server with the gateway, played by Debian's miltertest: it has its own code for the protocol.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import { freePort } from "../servers/free-port.ts";
import { type Filter, startFilter } from "./filter.ts";
import { program } from "./program.ts";

const folder = join(import.meta.dirname, "dialogues");
const prelude = readFileSync(join(folder, "prelude.lua"), "utf8");
const port = await freePort();
let filter: Filter;

before(async () => {
  filter = await startFilter(port);
});

after(async () => {
  await filter?.stop();
});

for (const file of globSync("*.lua", { cwd: folder }).sort()) {
  if (file === "prelude.lua") continue;
  test(`dialogue ${basename(file, ".lua")}`, async () => {
    assert.equal(await play(`${prelude}\n${readFileSync(join(folder, file), "utf8")}`), "");
  });
}

/** What miltertest complains of; "" when it is content. */
function play(script: string): Promise<string> {
  return new Promise((resolve) => {
    const args = ["-D", `port=${port}`];
    const child = execFile(program("miltertest", "miltertest"), args, { timeout: 60_000 }, (error, stdout, stderr) => {
      resolve(error ? `${stdout}${stderr}` || error.message : "");
    });
    child.stdin?.end(script);
  });
}
