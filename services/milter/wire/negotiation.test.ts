import assert from "node:assert/strict";
import { test } from "node:test";
import { offer, oldOffer, postfixOffer } from "../testing.ts";
import * as c from "./constants.ts";
import { agree, awaitsReply, decodeOffer, encodeAgreement, hasLeadingSpace } from "./negotiation.ts";

const bytes = (text: string) => Buffer.from(text, "latin1");

test("Postfix: all replies but the last are left out, blanks are kept", () => {
  const agreement = agree(decodeOffer(bytes(postfixOffer)));
  assert.equal(agreement.version, 6);
  assert.equal(hasLeadingSpace(agreement), true);
  for (const command of [c.SMFIC_CONNECT, c.SMFIC_HELO, c.SMFIC_MAIL, c.SMFIC_RCPT, c.SMFIC_DATA, c.SMFIC_HEADER])
    assert.equal(awaitsReply(agreement, command), false);
  // NR_HDR CONN HELO MAIL RCPT DATA UNKN EOH BODY and HDR_LEADSPC, and none of the steps that are left out altogether.
  assert.equal(agreement.steps, 0x1ff080);
});

test("version 2: every command is replied to", () => {
  const agreement = agree(decodeOffer(bytes(oldOffer)));
  assert.deepEqual(agreement, { version: 2, actions: 0x3f, steps: 0 });
  for (const command of [c.SMFIC_CONNECT, c.SMFIC_HELO, c.SMFIC_MAIL, c.SMFIC_RCPT, c.SMFIC_HEADER, c.SMFIC_BODY])
    assert.equal(awaitsReply(agreement, command), true);
  for (const command of [c.SMFIC_MACRO, c.SMFIC_ABORT, c.SMFIC_QUIT, c.SMFIC_BODYEOB])
    assert.equal(awaitsReply(agreement, command), false);
  assert.equal(hasLeadingSpace(agreement), false);
});

test("never more than was offered", () => {
  for (let bit = 0; bit < 32; bit++) {
    const mask = (1 << bit) >>> 0;
    const { actions, steps } = agree({ version: 6, actions: mask, steps: mask });
    assert.ok(actions === 0 || actions === mask);
    assert.ok(steps === 0 || steps === mask);
  }
});

test("version 1 is too old, version 7 is answered with 6", () => {
  assert.throws(() => agree({ version: 1, actions: 0xff, steps: 0x7f }), { code: "bad-input" });
  assert.equal(agree({ version: 7, actions: 0, steps: 0 }).version, 6);
});

test("too short", () => {
  assert.throws(() => decodeOffer(bytes(postfixOffer.slice(0, 11))), { code: "bad-input" });
});

test("the answer as bytes, with the macros that are wanted where they can be asked for", () => {
  const plain = encodeAgreement({ version: 6, actions: 0x3d, steps: 0x80 });
  // length 13, "O", version, actions, steps
  assert.deepEqual(plain, Buffer.from(`\0\0\0\x0dO${offer(6, 0x3d, 0x80)}`, "latin1"));
  const asking = encodeAgreement(agree(decodeOffer(bytes(postfixOffer)))).toString("latin1");
  assert.ok(asking.includes("\0\0\0\0j {daemon_name} {client_name}\0"), "stage 0: connect");
  assert.ok(asking.includes("\0\0\0\x03i {rcpt_mailer}\0"), "stage 3: rcpt");
});
