// The table as Postfix asks it, and as nobody should.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { configOf } from "../../shared/config/live.ts";
import { silent } from "../../shared/log.ts";
import type { Running, System } from "../../shared/role.ts";
import { srsConfig } from "../../shared/srs/config.ts";
import { rewriteSender } from "../../shared/srs/sender.ts";
import { writeNetstring } from "./netstring.ts";
import role from "./role.ts";

const now = Date.parse("2026-01-15T12:00:00Z");
const folder = mkdtempSync(join(tmpdir(), "sluice-srs-"));
const text = `srs {
  enabled = true; domain = "example.org"; secret = ["0123456789abcdef", "fedcba9876543210"]; max_connections = 3;
  bind_socket = ["127.0.0.1:0", "${folder}/socket mode=0660"];
}`;

function systemOf(ucl: string): System {
  return { config: configOf(srsConfig, ucl), log: silent, now: () => now } as unknown as System;
}

let running: Running;
let port = 0;
before(async () => {
  running = await role.start(systemOf(text));
  port = Number(/:(\d+) /.exec(running.listening[0] ?? "")?.[1]);
});
after(async () => {
  await running?.close();
  rmSync(folder, { recursive: true, force: true });
});

const { srs } = systemOf(text).config.get(srsConfig);
const rewritten = String(rewriteSender("joe@example.com", srs, now));

/** Sends the bytes and collects what comes until the other side ends, or `enough` characters are there. */
function talk(
  bytes: string | Buffer,
  enough = Number.POSITIVE_INFINITY,
  to: { port: number } | { path: string } = { port },
): Promise<string> {
  return new Promise((resolve) => {
    let said = "";
    const socket: Socket = "path" in to ? connect(to.path) : connect(to.port, "127.0.0.1");
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => {
      said += chunk;
      if (said.length >= enough) socket.destroy();
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(said));
    socket.end(bytes);
  });
}

const ask = (request: string) => talk(writeNetstring(request));

test("the way back, and nothing for other addresses", async () => {
  assert.equal(await ask(`srs ${rewritten}`), "18:OK joe@example.com,");
  for (const other of [
    "joe@example.org",
    rewritten.replace("joe", "jim"),
    "",
    "@example.org",
    "SRS0=@example.org",
    "x".repeat(4_000),
  ]) {
    assert.equal(await ask(`srs ${other}`), "9:NOTFOUND ,", other);
  }
  assert.match(await ask(`other ${rewritten}`), /^\d+:PERM /);
  assert.match(await ask(""), /^\d+:PERM /);
});

test("many questions over one connection, in their order, in any pieces", async () => {
  const questions = Array.from({ length: 2_000 }, (_, at) =>
    writeNetstring(at % 2 === 0 ? `srs ${rewritten}` : "srs x@example.org"),
  );
  const said = await talk(Buffer.concat(questions));
  assert.equal(said, "18:OK joe@example.com,9:NOTFOUND ,".repeat(1_000));
});

test("whoever speaks another language, or too much, is cut off, and others are still answered", async () => {
  for (const bytes of [
    "GET / HTTP/1.1\r\n\r\n",
    "99999999:",
    "5:hellox",
    "::::",
    "\0\0\0\0\0\0",
    "1".repeat(100_000),
    `4097:${"x".repeat(5_000)},`,
  ]) {
    assert.equal(await talk(bytes), "", bytes.slice(0, 20));
  }
  assert.equal(await ask(`srs ${rewritten}`), "18:OK joe@example.com,");
});

test("no more connections than configured", async () => {
  const held = await Promise.all(
    Array.from(
      { length: 3 },
      () =>
        new Promise<Socket>((resolve) => {
          const socket = connect(port, "127.0.0.1", () => resolve(socket));
        }),
    ),
  );
  // Each has been taken when it is answered.
  await Promise.all(
    held.map(
      (socket) =>
        new Promise((resolve) => {
          socket.once("data", resolve);
          socket.write(writeNetstring("srs x"));
        }),
    ),
  );
  assert.equal(await ask("srs x"), "");
  await Promise.all(held.map((socket) => new Promise((resolve) => socket.once("close", resolve).end())));
  let said = "";
  while (said === "") said = await ask("srs x");
  assert.equal(said, "9:NOTFOUND ,");
});

test("over a socket in the file system, with its mode", async () => {
  const path = join(folder, "socket");
  assert.equal(statSync(path).mode & 0o777, 0o660);
  assert.equal(await talk(writeNetstring(`srs ${rewritten}`), undefined, { path }), "18:OK joe@example.com,");
});

test("Postfix's postmap reads it", async () => {
  const postmap = "/usr/sbin/postmap";
  assert.ok(existsSync(postmap), "postmap is missing: apt-get install postfix");
  const query = (key: string) =>
    new Promise<string>((resolve) => {
      execFile(postmap, ["-q", key, `socketmap:inet:127.0.0.1:${port}:srs`], (error, stdout, stderr) =>
        resolve(error ? `${error.code} ${stderr}` : stdout),
      );
    });
  assert.equal(await query(rewritten), "joe@example.com\n");
  assert.equal(await query("joe@example.org"), "1 ");
});

test("off, it listens nowhere; half configured, it is refused", async () => {
  const off = await role.start(systemOf(""));
  assert.deepEqual(off.listening, []);
  await off.close();
  const messages = (ucl: string) => role.validate?.(systemOf(ucl).config, []).map(({ message }) => message);
  assert.deepEqual(messages("srs { enabled = true }"), [
    "srs.domain: rewritten senders need a domain",
    "srs.secret: without a secret anybody could make senders up",
  ]);
  assert.deepEqual(messages(text), []);
  assert.throws(() => configOf(srsConfig, 'srs { secret = "short" }'), /less than 16/);
});
