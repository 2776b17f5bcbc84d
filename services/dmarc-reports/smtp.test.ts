import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { Fault, type FaultCode } from "../../shared/fault.ts";
import { makeCertificate, makeTrustedCertificate } from "./certificate.testing.ts";
import { type Script, startServer, type TestServer } from "./server.testing.ts";
import { SmtpConnection, type SmtpOptions } from "./smtp.ts";

const mail = {
  from: "dmarc@example.org",
  recipients: ["a@example.com"],
  message: "Subject: x\r\n\r\n.dot\r\n..\r\nend\r\n",
};

function optionsFor(server: Pick<TestServer, "port">): SmtpOptions {
  return { host: "127.0.0.1", port: server.port, helo: "mx.example.org", tls: "offered", timeout: 20_000 };
}

async function serve(context: TestContext, script: Script = {}): Promise<TestServer> {
  const server = await startServer(script);
  context.after(() => server.close());
  return server;
}

function isFault(code: FaultCode, message: RegExp): (thrown: unknown) => boolean {
  return (thrown) => {
    assert.ok(thrown instanceof Fault, String(thrown));
    assert.equal(thrown.code, code, thrown.message);
    assert.match(thrown.message, message);
    return true;
  };
}

test("several mails on one connection, dots stuffed", async (context) => {
  const server = await serve(context);
  const connection = await SmtpConnection.open(optionsFor(server));
  assert.deepEqual(await connection.send(mail), { accepted: ["a@example.com"], refused: [] });
  await connection.send({ ...mail, recipients: ["b@example.com", "c@example.com"], message: ".\r\n" });
  await connection.close();
  assert.deepEqual(
    server.kept.map(({ from, recipients, message }) => [from, recipients, message]),
    [
      ["dmarc@example.org", ["a@example.com"], mail.message],
      ["dmarc@example.org", ["b@example.com", "c@example.com"], ".\r\n"],
    ],
  );
  assert.equal(server.connections, 1);
  assert.deepEqual(server.commands.slice(0, 2), ["EHLO mx.example.org", "MAIL FROM:<dmarc@example.org>"]);
});

test("a server that knows no EHLO", async (context) => {
  const server = await serve(context, { reply: (command) => (command.startsWith("EHLO") ? "502 what?" : undefined) });
  const connection = await SmtpConnection.open(optionsFor(server));
  assert.equal((await connection.send(mail)).accepted.length, 1);
  await connection.close();
  assert.equal(server.commands[1], "HELO mx.example.org");
});

test("recipients that are refused, some and all", async (context) => {
  const reply = (command: string) => (command.includes("bad") ? "550 5.1.1 no such user" : undefined);
  const server = await serve(context, { reply });
  const connection = await SmtpConnection.open(optionsFor(server));
  const some = await connection.send({ ...mail, recipients: ["bad@example.com", "a@example.com"] });
  assert.deepEqual(some, { accepted: ["a@example.com"], refused: ["bad@example.com: 550 5.1.1 no such user"] });
  const none = await connection.send({ ...mail, recipients: ["bad@example.com"] });
  assert.deepEqual(none.accepted, []);
  assert.equal((await connection.send(mail)).accepted.length, 1, "the connection is still good");
  await connection.close();
  assert.deepEqual(
    server.kept.map(({ recipients }) => recipients),
    [["a@example.com"], ["a@example.com"]],
  );
});

const troubles: readonly (readonly [string, Script, FaultCode, RegExp])[] = [
  ["no sender today", { reply: (c) => (c.startsWith("MAIL") ? "451 later" : undefined) }, "unavailable", /451 later/],
  ["never this sender", { reply: (c) => (c.startsWith("MAIL") ? "553 never" : undefined) }, "bad-input", /553 never/],
  [
    "nobody now",
    { reply: (c) => (c.startsWith("RCPT") ? "450 full" : undefined) },
    "unavailable",
    /takes nobody now.*450 full/,
  ],
  ["no DATA", { reply: (c) => (c === "DATA" ? "554 no" : undefined) }, "bad-input", /554 no/],
  ["not this message", { reply: (c) => (c === "." ? "552 too large" : undefined) }, "bad-input", /552 too large/],
  [
    "gone after the message",
    { reply: (c) => (c === "." ? "!" : undefined) },
    "unavailable",
    /closed the connection|ECONNRESET/,
  ],
  ["greets with an error", { greeting: "554 go away\r\n" }, "bad-input", /554 go away/],
  ["is no mail server", { greeting: "HTTP/1.1 400 Bad Request\r\n" }, "unavailable", /says "HTTP/],
  ["endless lines", { greeting: `220-${"x".repeat(100_000)}` }, "unavailable", /does not stop talking/],
  ["endless answers", { greeting: "220-x\r\n".repeat(5_000) }, "unavailable", /does not stop talking/],
  ["long answers", { greeting: `220-${"x".repeat(1_000)}\r\n`.repeat(100) }, "unavailable", /does not stop talking/],
];

for (const [name, script, code, message] of troubles) {
  test(`trouble: ${name}`, async (context) => {
    const server = await serve(context, script);
    const attempt = async () => {
      const connection = await SmtpConnection.open(optionsFor(server));
      context.after(() => connection.destroy());
      return connection.send(mail);
    };
    await assert.rejects(attempt, isFault(code, message));
    assert.deepEqual(server.kept, []);
  });
}

test("a server that says nothing, and one that is not there", async (context) => {
  const server = await serve(context, { greeting: "" });
  await assert.rejects(
    () => SmtpConnection.open({ ...optionsFor(server), timeout: 100 }),
    isFault("unavailable", /does not answer/),
  );
  await server.close();
  await assert.rejects(() => SmtpConnection.open(optionsFor(server)), isFault("unavailable", /ECONNREFUSED/));
});

test("no address ends its line", async (context) => {
  const server = await serve(context);
  const connection = await SmtpConnection.open(optionsFor(server));
  context.after(() => connection.destroy());
  const recipients = ["a@example.com>\r\nRCPT TO:<b@example.com"];
  await assert.rejects(() => connection.send({ ...mail, recipients }), isFault("bad-input", /is no command/));
});

test("STARTTLS when it is offered, with any certificate", async (context) => {
  const server = await serve(context, makeCertificate(context, "DNS:localhost"));
  const connection = await SmtpConnection.open(optionsFor(server));
  await connection.send(mail);
  await connection.close();
  assert.equal(server.kept[0]?.secure, true);
  assert.deepEqual(server.commands.slice(0, 3), ["EHLO mx.example.org", "STARTTLS", "EHLO mx.example.org"]);
  const plain = await SmtpConnection.open({ ...optionsFor(server), tls: "never" });
  await plain.send(mail);
  await plain.close();
  assert.equal(server.kept[1]?.secure, false);
});

test("TLS that is required needs a certificate that holds, and a server that has it", async (context) => {
  const server = await serve(context, makeCertificate(context, "DNS:localhost"));
  const required = { ...optionsFor(server), tls: "required" as const };
  await assert.rejects(() => SmtpConnection.open(required), isFault("unavailable", /TLS with 127\.0\.0\.1/));
  const without = await serve(context);
  await assert.rejects(
    () => SmtpConnection.open({ ...required, port: without.port }),
    isFault("bad-config", /does not offer STARTTLS/),
  );
});

test("a certificate holds for the address it names, and for no other", async (context) => {
  const required = { tls: "required" as const };
  const right = await serve(context, makeTrustedCertificate(context, "IP:127.0.0.1"));
  const connection = await SmtpConnection.open({ ...optionsFor(right), ...required });
  await connection.send(mail);
  await connection.close();
  assert.equal(right.kept[0]?.secure, true);
  const wrong = await serve(context, makeTrustedCertificate(context, "DNS:localhost"));
  await assert.rejects(
    () => SmtpConnection.open({ ...optionsFor(wrong), ...required }),
    isFault("unavailable", /TLS with 127\.0\.0\.1: .*does not match certificate/),
  );
});

test("what is said before TLS is not believed", async (context) => {
  const reply = (command: string) => (command === "STARTTLS" ? "220 go on\r\n250 STARTTLS\r\n250 x" : undefined);
  const server = await serve(context, { ...makeCertificate(context, "DNS:localhost"), reply });
  await assert.rejects(() => SmtpConnection.open(optionsFor(server)), isFault("unavailable", /spoke before TLS/));
});
