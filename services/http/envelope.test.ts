import assert from "node:assert/strict";
import { test } from "node:test";
import { readEnvelope } from "./envelope.ts";
import { parseEnvelopeAddress, splitAddresses } from "./envelope-address.ts";
import { headersForSettings, readFields } from "./request-fields.ts";

test("addresses of the envelope", () => {
  assert.equal(parseEnvelopeAddress(" <a@example.org> "), "a@example.org");
  assert.equal(parseEnvelopeAddress("<>"), "");
  assert.equal(parseEnvelopeAddress(""), "");
  assert.equal(parseEnvelopeAddress("postmaster"), "postmaster");
  assert.equal(parseEnvelopeAddress('"a b"@example.org'), '"a b"@example.org');
  assert.equal(parseEnvelopeAddress("a@[192.0.2.1]"), "a@[192.0.2.1]");
  assert.equal(parseEnvelopeAddress("<@relay.example:a@example.org>"), "a@example.org");
  assert.equal(parseEnvelopeAddress("ü@exämple.org"), "ü@exämple.org");
  for (const text of [
    "a b@example.org",
    "a@",
    "@example.org",
    "a@b@c",
    "a\x01@b",
    `${"a".repeat(600)}@b`,
    '"a@b',
    "a@b\x7f",
  ]) {
    assert.equal(parseEnvelopeAddress(text), null, text);
  }
});

test("lists of addresses", () => {
  assert.deepEqual(splitAddresses('a@b, "x,y"@b,<c,d@e> ,, f@g'), ["a@b", '"x,y"@b', "<c,d@e>", "f@g"]);
  assert.deepEqual(splitAddresses('"a\\",b"@c, d@e'), ['"a\\",b"@c', "d@e"]);
});

test("an address that cannot be read is noted and stops nothing", () => {
  const fields = readFields(["Rcpt", "<>", "Rcpt", "a@example.org, b c", "From", "x y", "IP", "999.1.1.1"], "");
  assert.deepEqual(readEnvelope(fields), { rcpts: ["a@example.org"], invalid: ["<>", "b c", "x y"] });
});

test("a client without a name is another thing than one of which nothing is said", () => {
  const hostname = (...fields: string[]) => readEnvelope(readFields(fields, "")).hostname;
  assert.equal(hostname("Hostname", "mx.example.org"), "mx.example.org");
  assert.equal(hostname("Hostname", "unknown"), "");
  assert.equal(hostname("Hostname", "[192.0.2.1]"), "");
  assert.equal(hostname("Hostname", ""), undefined);
  assert.equal(hostname(), undefined);
});

test("ESMTP parameters", () => {
  const fields = readFields(
    [
      ...["Rcpt", "a@example.org", "X-Rspamd-Mail-Esmtp-Args", "size=10", "X-Rspamd-Mail-Esmtp-Args", "SMTPUTF8"],
      ...[
        "X-Rspamd-Rcpt-Esmtp-Args",
        "0:NOTIFY=NEVER",
        "X-Rspamd-Rcpt-Esmtp-Args",
        "7:X=Y",
        "X-Rspamd-Rcpt-Esmtp-Args",
        "x",
      ],
      ...["X-Rspamd-Mail-Esmtp-Args", "__proto__=x"],
    ],
    "",
  );
  const envelope = readEnvelope(fields);
  assert.deepEqual(envelope.mailArgs, { SIZE: "10", SMTPUTF8: "" });
  assert.deepEqual(envelope.rcptArgs, [{ NOTIFY: "NEVER" }]);
});

test("the first value of a header counts, and secrets stay here", () => {
  const fields = readFields(
    ["Helo", "one", "HELO", "two", "Password", "p", "Cookie", "c", "__proto__", "x"],
    "helo=three&x=y",
  );
  assert.equal(readEnvelope(fields).helo, "one");
  assert.deepEqual(headersForSettings(fields), { helo: "one", x: "y" });
});

test("long values are cut", () => {
  assert.equal(readEnvelope(readFields(["Helo", "x".repeat(100_000)], "")).helo?.length, 2048);
});
