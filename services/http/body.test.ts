import assert from "node:assert/strict";
import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { test } from "node:test";
import { openBudget, readBody } from "./body.ts";

function incoming(headers: IncomingMessage["headers"]): IncomingMessage {
  return Object.assign(new IncomingMessage(new Socket()), { headers });
}

test("bytes count against the budget while they are held", async () => {
  const budget = openBudget(10);
  const first = incoming({ "transfer-encoding": "chunked" });
  const reading = readBody(first, 100, budget);
  first.push(Buffer.from("123456"));
  first.push(null);
  const body = await reading;
  assert.deepEqual([body.bytes.toString(), body.held, budget.held], ["123456", 6, 6]);

  const second = incoming({ "transfer-encoding": "chunked" });
  const refused = assert.rejects(readBody(second, 100, budget), { code: "busy" });
  second.push(Buffer.from("12345"));
  await refused;
  assert.equal(budget.held, 6);
});

test("a large body is what came, whatever the pieces", async () => {
  const sent = Buffer.from(Array.from({ length: 3_000_000 }, (_, at) => at % 251));
  for (const piece of [65_536, 999_983, sent.length]) {
    const request = incoming({ "content-length": String(sent.length) });
    const reading = readBody(request, sent.length, openBudget(sent.length));
    for (let at = 0; at < sent.length; at += piece) request.push(sent.subarray(at, at + piece));
    request.push(null);
    const { bytes, held } = await reading;
    assert.ok(bytes.equals(sent));
    assert.equal(held, sent.length);
  }
  const longer = incoming({ "content-length": "2000000" });
  const refused = assert.rejects(readBody(longer, sent.length, openBudget(sent.length)), { code: "too-large" });
  longer.push(sent);
  await refused;
});

test("what broke off is given back", async () => {
  const budget = openBudget(100);
  const request = incoming({ "content-length": "50" });
  const reading = assert.rejects(readBody(request, 100, budget), { code: "bad-input" });
  request.push(Buffer.from("half"));
  setImmediate(() => request.destroy());
  await reading;
  assert.equal(budget.held, 0);
});

test("a length beyond the limit is refused before a byte is read", async () => {
  const budget = openBudget(1000);
  await assert.rejects(readBody(incoming({ "content-length": "101" }), 100, budget), { code: "too-large" });
  await assert.rejects(readBody(incoming({ "content-length": "9".repeat(400) }), 100, budget), { code: "too-large" });
});

test("a transfer coding other than chunked is refused: nobody would undo it", async () => {
  for (const coding of ["gzip, chunked", "deflate,chunked", "chunked, chunked"]) {
    await assert.rejects(readBody(incoming({ "transfer-encoding": coding }), 100, openBudget(100)), {
      code: "bad-input",
    });
  }
  const request = incoming({ "transfer-encoding": "Chunked" });
  const reading = readBody(request, 100, openBudget(100));
  request.push("whole");
  request.push(null);
  assert.equal((await reading).bytes.toString(), "whole");
});
