import assert from "node:assert/strict";
import { test } from "node:test";
import { EnvelopeBuilder } from "./envelope.ts";
import { Macros } from "./macros.ts";
import { SMFIC_CONNECT, SMFIC_HELO, SMFIC_MAIL, SMFIC_RCPT } from "./wire/constants.ts";

const path = (text: string, ...args: string[]) => ({ path: text, args });
const sets = (...all: [number, Record<string, string>][]) => {
  const macros = new Macros();
  for (const [stage, values] of all) macros.set(stage, new Map(Object.entries(values)));
  return macros;
};

test("everything that a server may tell", () => {
  const macros = sets(
    [SMFIC_CONNECT, { j: "mx.example.org", daemon_name: "MTA", client_name: "client.example.net" }],
    [SMFIC_HELO, { tls_version: "TLSv1.3", cipher: "TLS_AES_256_GCM_SHA384", cert_issuer: "CA", cert_subject: "bob" }],
    [SMFIC_MAIL, { i: "4XYZ", auth_authen: "alice" }],
    [SMFIC_RCPT, { rcpt_mailer: "local" }],
  );
  const builder = new EnvelopeBuilder(path("<a@example.org>", "SIZE=100"));
  builder.addRecipient(path("<b@example.org>"), macros);
  builder.addRecipient(path("<c@example.org>", "NOTIFY=NEVER"), macros);
  assert.deepEqual(builder.build({ ip: "192.0.2.1" }, "helo.example.net", macros, "CA"), {
    ip: "192.0.2.1",
    hostname: "client.example.net",
    helo: "helo.example.net",
    from: "a@example.org",
    rcpts: ["b@example.org", "c@example.org"],
    user: "alice",
    queueId: "4XYZ",
    mtaName: "mx.example.org",
    tlsCipher: "TLS_AES_256_GCM_SHA384",
    tlsVersion: "TLSv1.3",
    tlsIssuer: "CA",
    mailer: "local",
    mailArgs: { SIZE: "100" },
    rcptArgs: [{}, { NOTIFY: "NEVER" }],
  });
});

test("the name of the client, from whoever has it", () => {
  const named = (hostname: string | undefined, macro: string) => {
    const client = hostname === undefined ? { ip: "192.0.2.1" } : { ip: "192.0.2.1", hostname };
    const macros = sets([SMFIC_CONNECT, macro === "" ? {} : { client_name: macro }]);
    return new EnvelopeBuilder(path("<>")).build(client, undefined, macros, "").hostname;
  };
  assert.equal(named("a.example.org", "b.example.org"), "a.example.org");
  assert.equal(named(undefined, "b.example.org"), "b.example.org");
  assert.equal(named("", "b.example.org"), "b.example.org");
  assert.equal(named("a.example.org", "unknown"), "a.example.org");
  assert.equal(named("", ""), "");
  assert.equal(named(undefined, "unknown"), "");
  assert.equal(named(undefined, ""), undefined);
});

test("nothing told: no keys", () => {
  const builder = new EnvelopeBuilder(path("<>"));
  assert.deepEqual(builder.build({}, undefined, new Macros(), ""), { from: "", rcpts: [] });
});

test("the subject of a client certificate is a login only when the operator trusts its issuer", () => {
  const macros = sets([SMFIC_HELO, { cert_issuer: "CA", cert_subject: "bob" }]);
  const user = (ca: string) => new EnvelopeBuilder(path("<>")).build({}, undefined, macros, ca).user;
  assert.equal(user("CA"), "bob");
  assert.equal(user("Other"), undefined);
  assert.equal(user(""), undefined);
});

test("a name of a port is no server name", () => {
  const name = (values: Record<string, string>) =>
    new EnvelopeBuilder(path("<>")).build({}, undefined, sets([SMFIC_CONNECT, values]), "").mtaName;
  assert.equal(name({ daemon_name: "mx.example.org", j: "other.example.org" }), "mx.example.org");
  assert.equal(name({ daemon_name: "ORIGINATING", j: "mx.example.org" }), "mx.example.org");
  assert.equal(name({ daemon_name: "MTA" }), "MTA");
});

test("recipients that the server refused are left out, and their macros do not pass for the next one's", () => {
  const macros = new Macros();
  const builder = new EnvelopeBuilder(path("<>"));
  macros.set(SMFIC_RCPT, new Map([["rcpt_mailer", "error"]]));
  builder.addRecipient(path("<refused@example.org>"), macros);
  builder.addRecipient(path("<taken@example.org>"), macros);
  assert.deepEqual(builder.build({}, undefined, macros, "").rcpts, ["taken@example.org"]);
});

test("what is no address is named, not used", () => {
  const macros = new Macros();
  const builder = new EnvelopeBuilder(path("<a b>"));
  builder.addRecipient(path("<>"), macros);
  builder.addRecipient(path("<c@example.org>"), macros);
  const envelope = builder.build({}, undefined, macros, "");
  assert.deepEqual(envelope, { rcpts: ["c@example.org"], invalid: ["<a b>", "<>"] });
});
