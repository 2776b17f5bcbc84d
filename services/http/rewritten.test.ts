import assert from "node:assert/strict";
import { test } from "node:test";
import { verdictOf } from "../../test/http/verdict.ts";
import { parseFlags } from "./flags.ts";
import { rewrittenMessage } from "./rewritten.ts";

const body = Buffer.from("new\r\nbody\r\n");

function rewritten(raw: string, flags = "body_block", plain = false, given: Uint8Array | undefined = body) {
  const changes = { addHeaders: [], removeHeaders: [], dkimSignatures: [], ...(given && { body: given }) };
  const request = { id: "t", envelope: { rcpts: [] }, plain, facts: { raw: Buffer.from(raw, "latin1") } };
  const found = rewrittenMessage(request, verdictOf({ changes }), parseFlags(flags));
  return found === undefined ? undefined : Buffer.from(found).toString("latin1");
}

test("the headers as they came, and the new body", () => {
  const head = "From: a\r\nSubject:\r\n\tb \xfc\r\n\r\n";
  assert.equal(rewritten(`${head}old\r\n`), `${head}new\r\nbody\r\n`);
});

test("line ends as the message has them", () => {
  assert.equal(rewritten("From: a\nTo: b\n\nold\n"), "From: a\nTo: b\n\nnew\nbody\n");
});

test("the body alone: for who has the headers, and for text without any", () => {
  assert.equal(rewritten("From: a\r\n\r\nold\r\n", "milter, body_block"), "new\r\nbody\r\n");
  assert.equal(rewritten("From: a", "body_block", true), "new\r\nbody\r\n");
});

test("an empty line is there, whatever came", () => {
  assert.equal(rewritten("From: a\r\n"), "From: a\r\n\r\nnew\r\nbody\r\n");
  assert.equal(rewritten("From: a"), "From: a\r\n\r\nnew\r\nbody\r\n");
  assert.equal(rewritten("From: a\r\nno header at all\r\n"), "From: a\r\n\r\nnew\r\nbody\r\n");
  assert.equal(rewritten("\r\nold"), "\r\nnew\r\nbody\r\n");
  assert.equal(rewritten(""), "new\r\nbody\r\n");
});

test("nothing for who does not ask, and nothing without a new body", () => {
  assert.equal(rewritten("From: a\r\n\r\nold\r\n", "groups"), undefined);
  assert.equal(
    rewrittenMessage({ id: "t", envelope: { rcpts: [] }, facts: { raw: body } }, verdictOf(), parseFlags("body_block")),
    undefined,
  );
  assert.equal(rewritten("From: a\r\n\r\nold\r\n", "body_block", false, new Uint8Array(0)), "From: a\r\n\r\n");
});
