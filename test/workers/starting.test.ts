// Starting with workers: what is wrong is said once, and nothing goes on trying.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { sluice } from "../cli/sluice.ts";

const folder = mkdtempSync(join(tmpdir(), "sluice-workers-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const serve = ["serve", "--data", join(folder, "data"), "--config", folder];
const anyPorts = ["http.scan", "http.controller", "milter"].flatMap((name) => [
  "--set",
  `${name}.bind_socket=127.0.0.1:0`,
]);

test("a port that is taken ends it, said once", async () => {
  const other = createServer();
  await new Promise<void>((done) => other.listen(0, "127.0.0.1", done));
  const address = other.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  const set = ["--set", `http.scan.bind_socket=127.0.0.1:${port}`];
  const { code, stderr } = await sluice([...serve, "--workers", "2", ...anyPorts, ...set]);
  other.close();
  assert.equal(code, 69);
  assert.equal(stderr.match(/cannot listen on/g)?.length, 1, stderr);
  assert.match(stderr, /EADDRINUSE/);
});

test("a wrong configuration ends it, said once", async () => {
  writeFileSync(join(folder, "sluice.conf"), "milter { max_headers = few; }\n");
  const { code, stderr } = await sluice([...serve, "--workers", "3", ...anyPorts]);
  rmSync(join(folder, "sluice.conf"));
  assert.equal(code, 78);
  assert.equal(stderr.match(/max_headers/g)?.length, 1, stderr);
  assert.doesNotMatch(stderr, /^\s+at /m);
});

test("an unknown role is wrong usage", async () => {
  const { code, stderr } = await sluice([...serve, "mitler", "--workers", "2"]);
  assert.equal(code, 64);
  assert.equal(stderr.match(/no role "mitler"/g)?.length, 1, stderr);
});

for (const options of [
  ["--workers", "0"],
  ["--workers", "many"],
  ["--workers", "1000"],
  ["--workers", "2", "--patience", "0"],
  ["--workers", "2", "--max-memory", "much"],
  ["--patience", "10"],
  ["--max-memory", "500"],
]) {
  test(`${options.join(" ")} is wrong usage`, async () => {
    const { code, stderr } = await sluice([...serve, ...options]);
    assert.equal(code, 64);
    assert.match(stderr, /^sluice: --.+\n$/);
  });
}
