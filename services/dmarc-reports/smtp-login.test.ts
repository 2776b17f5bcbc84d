import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { Fault, type FaultCode } from "../../shared/fault.ts";
import { makeCertificate, makeTrustedCertificate } from "./certificate.testing.ts";
import { type Script, startServer, type TestServer } from "./server.testing.ts";
import { SmtpConnection, type SmtpOptions } from "./smtp.ts";
import { isOnThisMachine, type Login, mechanismsOf, wordTrouble } from "./smtp-login.ts";

const login: Login = { user: "reports@example.org", password: "tr0ub4dor&3 ünd" };
const mail = { from: "dmarc@example.org", recipients: ["a@example.com"], message: "Subject: x\r\n\r\nx\r\n" };

/** Reaches this machine, but is no address that says so. */
const elsewhere = "0.0.0.0";
const both = { login, offers: () => ["AUTH PLAIN LOGIN CRAM-MD5"] };
const base64 = (text: string) => Buffer.from(text).toString("base64");
const plain = base64(`\0${login.user}\0${login.password}`);

async function serve(context: TestContext, script: Script): Promise<TestServer> {
  const server = await startServer(script);
  context.after(() => server.close());
  return server;
}

async function send(server: TestServer, options: Partial<SmtpOptions> = {}): Promise<void> {
  const place = { host: "127.0.0.1", port: server.port, timeout: 20_000 };
  const connection = await SmtpConnection.open({ ...place, helo: "mx", tls: "offered", login, ...options });
  await connection.send(mail);
  await connection.close();
}

/** Commands of logins. */
function logins({ commands }: TestServer): readonly string[] {
  const first = commands.findIndex((command) => command.startsWith("AUTH"));
  const end = commands.findIndex((command) => command.startsWith("MAIL"));
  return first === -1 ? [] : commands.slice(first, end === -1 ? undefined : end);
}

/** Nothing that can reach a log holds the password, in any form. */
function assertSilent(fault: Fault, { password }: Login = login): void {
  const told = [fault.message, fault.stack ?? "", String(fault.cause)].join("\n").toLowerCase();
  const latin1 = Buffer.from(password).toString("latin1");
  for (const secret of [password, latin1, plain.slice(-16), base64(password)]) {
    assert.ok(!told.includes(secret.toLowerCase()));
  }
}

async function assertFault(sending: Promise<void>, code: FaultCode, message: RegExp): Promise<void> {
  const thrown: unknown = await sending.then(
    () => assert.fail("it went out"),
    (reason: unknown) => reason,
  );
  assert.ok(thrown instanceof Fault, String(thrown));
  assert.equal(thrown.code, code, thrown.message);
  assert.match(thrown.message, message);
  assertSilent(thrown);
}

for (const [name, offer, expected] of [
  ["PLAIN, where both are offered", "AUTH LOGIN PLAIN", [`AUTH PLAIN ${plain}`]],
  ["PLAIN, in the old form", "AUTH=PLAIN LOGIN", [`AUTH PLAIN ${plain}`]],
  ["PLAIN, in small letters", "auth plain", [`AUTH PLAIN ${plain}`]],
  ["LOGIN, where PLAIN is not offered", "AUTH LOGIN", ["AUTH LOGIN", base64(login.user), base64(login.password)]],
] as const) {
  test(`logs in with ${name}`, async (context) => {
    const server = await serve(context, { login, offers: () => [offer] });
    await send(server);
    assert.deepEqual(logins(server), expected);
    assert.equal(server.kept[0]?.user, login.user);
  });
}

test("a response that is too long for the command comes after it", async (context) => {
  const long = { user: "u".repeat(4_096), password: "p".repeat(4_096) };
  const server = await serve(context, { ...both, login: long });
  await send(server, { login: long });
  assert.deepEqual(logins(server), ["AUTH PLAIN", base64(`\0${long.user}\0${long.password}`)]);
  assert.ok(server.commands.every((command) => command.length + 2 <= 12_288));
  // "AUTH PLAIN " leaves 499 octets: 124 times four, for three octets each.
  const longest = { user: "u", password: "p".repeat(124 * 3 - 3) };
  const other = await serve(context, { ...both, login: longest });
  await send(other, { login: longest });
  assert.deepEqual(
    logins(other).map(({ length }) => length),
    [507],
  );
});

test("no login, no AUTH", async (context) => {
  const server = await serve(context, { offers: both.offers });
  await send(server, { login: undefined });
  assert.deepEqual(logins(server), []);
  assert.equal(server.kept.length, 1);
});

const wrong: readonly (readonly [string, Script, FaultCode, RegExp])[] = [
  ["nothing offered", { login }, "bad-config", /takes no login with PLAIN or LOGIN, it offers nothing/],
  ["neither offered", { login, offers: () => ["AUTH CRAM-MD5 XOAUTH2"] }, "bad-config", /it offers CRAM-MD5 XOAUTH2$/],
  [
    "a server that knows no EHLO",
    { reply: (c) => (c.startsWith("EHLO") ? "502 what?" : undefined) },
    "bad-config",
    /offers nothing/,
  ],
  [
    "a wrong password",
    { ...both, login: { ...login, password: "another" } },
    "bad-config",
    /smtp_password\): 535 5\.7\.8 wrong$/,
  ],
  [
    "no AUTH after all",
    { ...both, reply: (c) => (c.startsWith("AUTH") ? "504 5.5.4 not that" : undefined) },
    "bad-config",
    /504 5\.5\.4/,
  ],
  [
    "not now",
    { ...both, reply: (c) => (c.startsWith("AUTH") ? "454 4.7.0 later" : undefined) },
    "unavailable",
    /454 4\.7\.0 later$/,
  ],
  [
    "too many",
    { ...both, reply: (c) => (c.startsWith("AUTH") ? "421 4.7.0 bye" : undefined) },
    "unavailable",
    /421 4\.7\.0 bye$/,
  ],
  [
    "questions without end",
    { ...both, reply: (c) => (c.startsWith("AUTH") ? "334 more" : undefined) },
    "unavailable",
    /334 more$/,
  ],
  [
    "gone",
    { ...both, reply: (c) => (c.startsWith("AUTH") ? "!" : undefined) },
    "unavailable",
    /closed the connection|ECONNRESET/,
  ],
  [
    "quotes the command",
    { ...both, reply: (c) => (c.startsWith("AUTH") ? `500 what is ${c}?` : undefined) },
    "bad-config",
    /500, in words that quote/,
  ],
  [
    "quotes a part of it",
    { ...both, reply: (c) => (c.startsWith("AUTH") ? `500 ${c.slice(0, -6).toUpperCase()}...` : undefined) },
    "bad-config",
    /500, in words that quote/,
  ],
  [
    "quotes the password",
    { ...both, reply: (c) => (c.startsWith("AUTH") ? `535 "${login.password}"` : undefined) },
    "bad-config",
    /535, in words that quote/,
  ],
  [
    "says what it hears",
    { ...both, reply: (c) => (c.startsWith("AUTH") ? c.slice(5) : undefined) },
    "unavailable",
    /what is no answer, and quotes/,
  ],
  [
    "quotes it later",
    { ...both, reply: (c) => (c.startsWith("RCPT") ? `450 ${plain}` : undefined) },
    "unavailable",
    /450, in words that quote/,
  ],
  [
    "prompts, and quotes the answer",
    { login, offers: () => ["AUTH LOGIN"], reply: (c) => (c === base64(login.password) ? `535 ${c}` : undefined) },
    "bad-config",
    /535, in words that quote/,
  ],
];

for (const [name, script, code, message] of wrong) {
  test(`trouble: ${name}`, async (context) => {
    const server = await serve(context, script);
    await assertFault(send(server), code, message);
    assert.deepEqual(server.kept, []);
  });
}

test("who does not ask for user or password gets neither", async (context) => {
  for (const [prompted, sent] of [
    ["AUTH LOGIN", ["AUTH LOGIN"]],
    [base64(login.user), ["AUTH LOGIN", base64(login.user)]],
  ] as const) {
    const reply = (command: string) => (command === prompted ? "504 5.5.4 not that" : undefined);
    const server = await serve(context, { login, reply, offers: () => ["AUTH LOGIN"] });
    await assertFault(send(server), "bad-config", /504 5\.5\.4 not that$/);
    assert.deepEqual(logins(server), sent);
  }
});

test("through TLS with a certificate that holds, STARTTLS and implicit", async (context) => {
  const certificate = makeTrustedCertificate(context, `IP:${elsewhere}`);
  for (const [tls, implicit] of [
    ["offered", false],
    ["required", false],
    ["implicit", true],
  ] as const) {
    const server = await serve(context, { ...both, ...certificate, implicit });
    await send(server, { host: elsewhere, tls });
    const [kept] = server.kept;
    assert.deepEqual([kept?.secure, kept?.user], [true, login.user], tls);
  }
});

test("with a login, TLS that is offered needs a certificate that holds", async (context) => {
  const server = await serve(context, { ...both, ...makeCertificate(context, `IP:${elsewhere}`) });
  await assertFault(send(server, { host: elsewhere }), "unavailable", /TLS with 0\.0\.0\.0: self-signed certificate/);
  assert.deepEqual(server.commands, ["EHLO mx", "STARTTLS"]);
  const open = await serve(context, makeCertificate(context, `IP:${elsewhere}`));
  await send(open, { host: elsewhere, login: undefined });
  assert.equal(open.kept[0]?.secure, true, "without a login any certificate will do");
});

test("implicit TLS needs a certificate that holds, also on this machine, and a server that speaks it", async (context) => {
  const server = await serve(context, { ...makeCertificate(context, "IP:127.0.0.1"), implicit: true });
  const options = { tls: "implicit", login: undefined } as const;
  await assertFault(send(server, options), "unavailable", /TLS with 127\.0\.0\.1: self-signed certificate/);
  assert.deepEqual(server.commands, []);
  const silent = await serve(context, { greeting: "" });
  await assertFault(send(silent, { ...options, timeout: 100 }), "unavailable", /does not finish TLS/);
  const clear = await serve(context, {});
  await assertFault(send(clear, options), "unavailable", /TLS with 127\.0\.0\.1: /);
  await clear.close();
  await assertFault(send(clear, options), "unavailable", /ECONNREFUSED/);
});

test("no password in clear, except to this machine", async (context) => {
  const { key, cert } = makeCertificate(context, "DNS:localhost");
  const without = await serve(context, both);
  await assertFault(
    send(without, { host: elsewhere }),
    "bad-config",
    /does not go to 0\.0\.0\.0 in clear: it does not offer STARTTLS; .*smtp_tls to "required", or "implicit"/,
  );
  const withTls = await serve(context, { ...both, key, cert });
  await assertFault(send(withTls, { host: elsewhere, tls: "never" }), "bad-config", /in clear: smtp_tls is "never"/);
  assert.deepEqual([...logins(without), ...logins(withTls)], []);
  await send(without);
  await send(withTls, { tls: "never" });
  await send(withTls);
  assert.deepEqual(
    [...without.kept, ...withTls.kept].map(({ secure, user }) => [secure, user]),
    [
      [false, login.user],
      [false, login.user],
      [true, login.user],
    ],
    "in clear, and with any certificate",
  );
});

test("what is offered before TLS is forgotten", async (context) => {
  const certificate = makeTrustedCertificate(context, `IP:${elsewhere}`);
  const offers = (secure: boolean) => [secure ? "AUTH LOGIN" : "AUTH PLAIN"];
  const server = await serve(context, { login, ...certificate, offers });
  await send(server, { host: elsewhere });
  assert.equal(logins(server)[0], "AUTH LOGIN");
  const lying = await serve(context, { login, ...certificate, offers: (secure) => (secure ? [] : ["AUTH PLAIN"]) });
  await assertFault(send(lying, { host: elsewhere }), "bad-config", /it offers nothing/);
  const late = await serve(context, { login, ...certificate, offers: (secure) => (secure ? ["AUTH PLAIN"] : []) });
  await send(late, { host: elsewhere });
  assert.equal(late.kept[0]?.user, login.user);
});

test("mechanisms of several lines, bad ones among them", () => {
  const lines = ["SIZE 1000", "AUTH", "AUTH  plain ", "AUTH=LOGIN", "AUTHPLAIN X", "XAUTH Y"];
  assert.deepEqual([...mechanismsOf(lines)], ["PLAIN", "LOGIN"]);
});

test("names of this machine, and words that cannot be sent", () => {
  for (const host of ["127.0.0.1", "127.8.0.1", "::1", "localhost", "LocalHost"])
    assert.ok(isOnThisMachine(host), host);
  for (const host of ["", "0.0.0.0", "::", "192.0.2.1", "localhost.example", "127.1"]) {
    assert.ok(!isOnThisMachine(host), host);
  }
  for (const word of ["a\nb", "a\r", "\0", "x".repeat(4_097), "ü".repeat(2_049)]) assert.ok(wordTrouble(word), word);
  for (const word of ["", "a b", "\t", "ü".repeat(2_048)]) assert.equal(wordTrouble(word), undefined);
});
