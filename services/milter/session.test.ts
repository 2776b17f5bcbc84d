import assert from "node:assert/strict";
import { test } from "node:test";
import { silent } from "../../shared/log.ts";
import { largeMessage, Room } from "../../shared/room.ts";
import { Session } from "./session.ts";
import { command, offer, oldOffer, packetsIn, postfixOffer } from "./testing.ts";
import type { Decision, Transaction } from "./transaction.ts";
import type { Frame } from "./wire/frame.ts";

const accept: Decision = { changes: [], reply: { kind: "accept" } };

const settings = {
  limits: { maxMessage: 1000, maxHeaders: 10, maxHeaderBytes: 500 },
  patience: 60_000,
  oversized: "tempfail" as "tempfail" | "accept",
  clientCa: "",
  tempfailMessage: "Try again later",
};

/** A session whose decisions are given, with what it sent and what it asked. */
function open(
  decision: Decision | Promise<Decision> = accept,
  more: Partial<typeof settings> = {},
  room = new Room({ all: 10 * largeMessage, large: 10 * largeMessage }),
) {
  const sent: string[] = [];
  const asked: Transaction[] = [];
  let count = 0;
  const session = new Session({
    settings: () => ({ ...settings, ...more }),
    room,
    decide: async (transaction) => {
      asked.push(transaction);
      return decision;
    },
    send: (bytes) => void sent.push(...packetsIn(bytes)),
    newId: () => `task-${++count}`,
    progressEvery: 5,
    log: silent,
  });
  return { session, sent, asked, run: (...frames: Frame[]) => run(session, frames) };
}

async function run(session: Session, frames: readonly Frame[]) {
  for (const frame of frames) await session.receive(frame);
}

const negotiate = command("O", postfixOffer);
const connect = command("C", "mx.example.net\x004\0\x19192.0.2.1\0");
const helo = command("H", "helo.example.net\0");
const mail = [
  command("D", "Mi\0QUEUE1\0"),
  command("M", "<a@example.org>\0SIZE=10\0"),
  command("R", "<b@example.org>\0"),
  command("T"),
  command("L", "Subject\0 Hello\0"),
  command("N"),
  command("B", "text\r\n"),
];
const end = command("E");
const badInput = { code: "bad-input" };

test("one mail, in silence until its end", async () => {
  const { run, sent, asked, session } = open();
  await run(negotiate, connect, helo, ...mail);
  assert.equal(sent.length, 1, "the negotiation");
  assert.equal(session.mailId, "task-1");
  await run(end);
  assert.deepEqual(sent.slice(1), ["a"]);
  assert.equal(session.mailId, undefined);
  assert.deepEqual(asked, [
    {
      id: "task-1",
      envelope: {
        ip: "192.0.2.1",
        hostname: "mx.example.net",
        helo: "helo.example.net",
        from: "a@example.org",
        rcpts: ["b@example.org"],
        queueId: "QUEUE1",
        mailArgs: { SIZE: "10" },
      },
      raw: Buffer.from("Subject: Hello\r\n\r\ntext\r\n"),
      headerNames: ["subject"],
    },
  ]);
});

test("an old server gets a reply to each command, macros excepted", async () => {
  const { run, sent } = open();
  await run(command("O", oldOffer), connect, helo, ...mail, command("U", "VRFY\0"), end);
  // connect, helo, MAIL, RCPT, DATA, header, end of headers, body, unknown: "c" each; then the end of the message.
  assert.deepEqual(sent.slice(1), [..."ccccccccc", "a"]);
});

test("several mails over one connection: each has its own envelope, the connection is theirs together", async () => {
  const { run, asked } = open();
  await run(negotiate, connect, helo, ...mail, end);
  await run(command("M", "<>\0"), command("R", "<c@example.org>\0"), command("N"), end);
  const [, second] = asked;
  assert.deepEqual(second?.envelope, {
    ip: "192.0.2.1",
    hostname: "mx.example.net",
    helo: "helo.example.net",
    from: "",
    rcpts: ["c@example.org"],
  });
  assert.equal(second?.id, "task-2");
});

test("ABORT forgets the mail, not the connection", async () => {
  const { run, asked, session } = open();
  await run(negotiate, connect, helo, ...mail, command("A"));
  assert.equal(session.mailId, undefined);
  await run(command("M", "<>\0"), command("N"), end);
  assert.equal(asked.length, 1);
  assert.equal(asked[0]?.envelope.queueId, undefined);
  assert.equal(asked[0]?.envelope.ip, "192.0.2.1");
});

test("QUIT_NC forgets the connection, and another one follows", async () => {
  const { run, asked, session } = open();
  await run(negotiate, connect, helo, ...mail, command("K"), ...mail, end);
  assert.equal(asked[0]?.envelope.ip, undefined);
  assert.equal(asked[0]?.envelope.helo, undefined);
  assert.equal(session.ended, false);
  await run(command("Q"));
  assert.equal(session.ended, true);
});

test("the end of the message may bring the last of the body", async () => {
  const { run, asked } = open();
  await run(negotiate, ...mail, command("E", "last\r\n"));
  assert.equal(Buffer.from(asked[0]?.raw ?? []).toString(), "Subject: Hello\r\n\r\ntext\r\nlast\r\n");
});

test("signs of life while the decision takes its time", async () => {
  let resolve: (decision: Decision) => void = () => {};
  const { run, sent } = open(new Promise((done) => (resolve = done)));
  const ending = run(negotiate, ...mail, end);
  while (sent.filter((text) => text === "p").length < 3) await new Promise((done) => setTimeout(done, 1));
  resolve(accept);
  await ending;
  assert.equal(sent.at(-1), "a");
});

test("changes go before the reply", async () => {
  const { run, sent } = open({
    changes: [
      { kind: "delete header", name: "x-spam", index: 1 },
      { kind: "add header", name: "X-Spam", value: "Yes" },
    ],
    reply: { kind: "accept" },
  });
  await run(negotiate, ...mail, end);
  assert.deepEqual(sent.slice(1), ["m\0\0\0\x01x-spam\0\0", "hX-Spam\0 Yes\0", "a"]);
});

test("what the server cannot change is left out; without its quarantine or new body a mail is put off", async () => {
  const header = { kind: "add header", name: "X-Spam", value: "Yes" } as const;
  const noActions = command("O", offer(6, 0, 0));
  const quiet = (sent: string[]) => sent.filter((text) => text !== "c").slice(1);
  const marked = open({ changes: [header], reply: { kind: "accept" } });
  await marked.run(noActions, ...mail, end);
  assert.deepEqual(quiet(marked.sent), ["a"]);
  const held = open({ changes: [header, { kind: "quarantine", reason: "spam" }], reply: { kind: "accept" } });
  await held.run(noActions, ...mail, end);
  assert.deepEqual(quiet(held.sent), ["y451 4.7.1 Try again later\0"]);
  const body = { kind: "replace body", body: Buffer.from("new\r\n") } as const;
  const rewritten = open({ changes: [header, body], reply: { kind: "accept" } });
  await rewritten.run(command("O", offer(6, 1, 0)), ...mail, end);
  assert.deepEqual(quiet(rewritten.sent), ["y451 4.7.1 Try again later\0"]);
});

test("a message over a limit is not decided on", async () => {
  const body = command("B", "x".repeat(600));
  const late = open();
  await late.run(negotiate, ...mail, body, body, end);
  assert.deepEqual(late.sent.slice(1), ["y451 4.7.1 Try again later\0"]);
  const through = open(accept, { oversized: "accept" });
  await through.run(negotiate, ...mail, body, body, end);
  assert.deepEqual(through.sent.slice(1), ["a"]);
  assert.equal(late.asked.length + through.asked.length, 0);
});

const broken: readonly [string, readonly Frame[]][] = [
  ["a command before the negotiation", [connect]],
  ["a version too old", [command("O", offer(1, 0, 0))]],
  ["an unknown command", [negotiate, ...mail, command("z")]],
  ["a recipient without a sender", [negotiate, command("R", "<b@example.org>\0")]],
  ["a body without a mail", [negotiate, command("B", "text")]],
  ["the end of no mail", [negotiate, end]],
  ["a header after the body", [negotiate, ...mail, command("L", "A\0b\0")]],
  ["a recipient after the headers", [negotiate, ...mail, command("R", "<b@example.org>\0")]],
  ["a second end of headers", [negotiate, command("M", "<>\0"), command("N"), command("N")]],
  ["a mail in a mail", [negotiate, ...mail, command("M", "<>\0")]],
  ["a connection in a mail", [negotiate, ...mail, connect]],
  ["a negotiation in a mail", [negotiate, ...mail, negotiate]],
  ["a header without a value", [negotiate, command("M", "<>\0"), command("L", "Subject\0")]],
  ["macros cut short", [negotiate, command("D", "Mi\0")]],
];
test("a client that greets anew begins anew: the mail under way is forgotten, what is known of the client stays", async () => {
  const { session, asked } = open();
  const again = [command("H", "again.example.net\0"), ...mail];
  const lost = [command("M", "<lost@example.net>\0"), command("R", "<lost@example.org>\0")];
  await run(session, [negotiate, connect, helo, ...lost, ...again, end]);
  assert.equal(asked.length, 1);
  const { ip, helo: name, from, rcpts } = asked[0]?.envelope ?? {};
  assert.deepEqual([ip, name, from, rcpts], ["192.0.2.1", "again.example.net", "a@example.org", ["b@example.org"]]);
  assert.equal(session.mailId, undefined);
});

for (const [name, frames] of broken)
  test(`refused: ${name}`, async () => {
    const { session, asked } = open();
    await assert.rejects(async () => run(session, frames), badInput);
    assert.equal(asked.length, 0);
  });

test("random bytes never do anything but end the session", async () => {
  let seed = 1;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % below;
  };
  for (let round = 0; round < 2000; round++) {
    const { session } = open();
    await session.receive(negotiate);
    for (let n = 0; n < 10; n++) {
      const letter = "ABCDEHKLMNOQRTU?".charAt(random(16));
      const payload = String.fromCharCode(...Array.from({ length: random(12) }, () => random(4) && random(256)));
      try {
        await session.receive(command(letter, payload));
      } catch (thrown) {
        assert.equal((thrown as { code?: string }).code, "bad-input");
        break;
      }
    }
  }
});

const wide = { maxMessage: 5 * largeMessage, maxHeaders: 10, maxHeaderBytes: 500 };
const largeBody = Array.from({ length: 20 }, () => command("B", "x".repeat(largeMessage / 16)));

test("a large message waits for its turn in the middle of its body, and gives it back", async () => {
  const room = new Room({ all: 10 * largeMessage, large: 1 });
  const other = room.enter();
  await other.becomeLarge(1, 60_000);
  const { run, sent, asked } = open(accept, { limits: wide }, room);
  let isOver = false;
  const whole = run(negotiate, connect, helo, ...mail, ...largeBody, end).finally(() => {
    isOver = true;
  });
  await new Promise((done) => setTimeout(done, 20));
  assert.ok(!isOver);
  assert.ok(room.held < 1.1 * largeMessage, "what nobody reads is with the server");
  other.leave();
  await whole;
  assert.deepEqual(sent.slice(1), ["a"]);
  assert.ok((asked[0]?.raw.length ?? 0) > 1.2 * largeMessage);
  assert.equal(room.held, 0);
  await room.enter().becomeLarge(1, 1);
});

test("without room a message is put off, also where those over a limit are let through", async () => {
  const room = new Room({ all: 10 * largeMessage, large: 1 });
  const other = room.enter();
  await other.becomeLarge(1, 60_000);
  const noTurn = open(accept, { limits: wide, oversized: "accept", patience: 1 }, room);
  await noTurn.run(negotiate, connect, helo, ...mail, ...largeBody, end);
  assert.match(noTurn.sent[1] ?? "", /^y451 /);
  assert.equal(noTurn.asked.length, 0);
  assert.equal(room.held, 0);

  other.add(10 * largeMessage - 40);
  const full = open(accept, { limits: wide, oversized: "accept" }, room);
  await full.run(negotiate, connect, helo, ...mail, command("B", "x".repeat(100)), end);
  assert.match(full.sent[1] ?? "", /^y451 /);
  other.leave();
  await full.run(...mail, end);
  assert.equal(full.sent[2], "a");
});

test("what a server holds that goes away is given back", async () => {
  const room = new Room({ all: 10 * largeMessage, large: 10 * largeMessage });
  for (const over of [command("A"), command("Q"), command("K"), undefined]) {
    const { session, run } = open(accept, { limits: wide }, room);
    await run(negotiate, connect, helo, ...mail, ...largeBody);
    assert.ok(room.held > largeMessage);
    if (over === undefined) session.close();
    else await run(over);
    assert.equal(room.held, 0);
  }
});
