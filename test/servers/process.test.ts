import assert from "node:assert/strict";
import { test } from "node:test";
import { freePort } from "./free-port.ts";
import { startServer } from "./process.ts";

test("a server that is missing is a failure that names the Debian package", async () => {
  const program = { command: "no-such-server", args: [], debian: "no-such-package", port: await freePort() };
  await assert.rejects(startServer(program), /no-such-server is missing: apt-get install no-such-package/);
});

test("a server that ends before it is ready is a failure that says what it said", async () => {
  const script = "console.error('cannot listen'); process.exit(3)";
  const program = { command: process.execPath, args: ["-e", script], debian: "nodejs", port: await freePort() };
  await assert.rejects(startServer(program), /ended \(3\) before it was ready:\ncannot listen/);
});
