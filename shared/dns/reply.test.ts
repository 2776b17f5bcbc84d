import assert from "node:assert/strict";
import { test } from "node:test";
import type { RecordType } from "./dns.ts";
import { writeQuery } from "./query-message.ts";
import { readData, typeNumbers } from "./record-data.ts";
import { understand } from "./reply-answer.ts";
import { maxRecords, readReply } from "./reply-message.ts";
import {
  authorityBytes,
  dataBytes,
  type MessageParts,
  nameBytes,
  readQuery,
  recordBytes,
  writeMessage,
} from "./zone-message.testing.ts";

const name = "www.example.org";
const options = { edns: true, dnssec: true };
const self = Buffer.from([0xc0, 12]);

/** What a check gets of a reply that is put together from parts, or from bytes. */
function answer(type: RecordType, reply: MessageParts | ((usual: Buffer) => Buffer)) {
  const query = writeQuery(0x1234, name, type, options);
  const asked = readQuery(query, "udp", 0);
  assert.ok(asked);
  const message = typeof reply === "function" ? reply(writeMessage(asked, {})) : writeMessage(asked, reply);
  const read = readReply(message, query, name);
  if (read === undefined || read instanceof Error) return read?.message;
  if (read.truncated) return "truncated";
  const { answer, ttl } = understand(read, message, name, type, true);
  if (answer.status === "found") return { records: answer.records, ttl, secure: answer.secure };
  return answer.status === "failed" ? answer.reason : { status: answer.status, ttl };
}

const address = (...bytes: number[]) => Buffer.from(bytes);
const alias = (owner: string | Buffer, to: string, ttl = 300) => recordBytes(owner, 5, nameBytes(to), ttl);

test("a query says what it asks", () => {
  const asked = readQuery(writeQuery(0xfffe, name, "AAAA", options), "udp", 5353);
  assert.ok(asked);
  const { question: _, ...rest } = asked;
  assert.deepEqual(rest, {
    id: 0xfffe,
    name,
    type: "AAAA",
    over: "udp",
    from: 5353,
    size: 1232,
    edns: true,
    dnssec: true,
  });
  const plain = readQuery(writeQuery(0, name, "TXT", { edns: false, dnssec: false }), "udp", 0);
  assert.deepEqual([plain?.edns, plain?.size, plain?.dnssec], [false, 512, false]);
});

test("data of each type comes back", () => {
  const cases = [
    { type: "A", data: "192.0.2.255" },
    { type: "AAAA", data: "2001:db8::1" },
    { type: "AAAA", data: "::" },
    { type: "TXT", data: "" },
    { type: "TXT", data: "\xff\0ä".repeat(300) },
    { type: "MX", data: { preference: 65_535, exchange: "mail.example.org" } },
    { type: "MX", data: { preference: 0, exchange: "" } },
    { type: "PTR", data: "host.example.org" },
    { type: "NS", data: "ns.example.org" },
  ] as const;
  for (const record of cases) {
    const { type, data } = record;
    const reply = answer(type, { answers: [recordBytes(self, typeNumbers[type], dataBytes(record))] });
    assert.deepEqual(reply, { records: [data], ttl: 300, secure: false });
  }
});

test("the order stays, and the shortest time counts", () => {
  const answers = [
    recordBytes(self, 1, address(192, 0, 2, 2), 60),
    recordBytes("WWW.example.ORG", 1, address(192, 0, 2, 1), 30),
    recordBytes(self, 46, Buffer.alloc(40), 5),
  ];
  const expected = { records: ["192.0.2.2", "192.0.2.1"], ttl: 30, secure: true };
  assert.deepEqual(answer("A", { answers, authentic: true }), expected);
});

test("a time with the highest bit set is none", () => {
  const answers = [recordBytes(self, 1, address(192, 0, 2, 2), 0x80000000)];
  assert.deepEqual(answer("A", { answers }), { records: ["192.0.2.2"], ttl: 0, secure: false });
});

test("aliases are followed in whatever order they come", () => {
  const answers = [
    recordBytes("c.example", 1, address(192, 0, 2, 1), 90),
    alias("b.example", "c.example", 20),
    alias(self, "b.example", 70),
  ];
  assert.deepEqual(answer("A", { answers }), { records: ["192.0.2.1"], ttl: 20, secure: false });
});

test("records of other names are not looked at, nor are those of other sections", () => {
  const poison = [
    recordBytes("bank.example", 1, address(203, 0, 113, 1)),
    recordBytes("example.org", 1, address(203, 0, 113, 1)),
    recordBytes("a.www.example.org", 1, address(203, 0, 113, 1)),
    alias("bank.example", "evil.example"),
  ];
  const answers = [...poison, recordBytes(self, 1, address(192, 0, 2, 1))];
  assert.deepEqual(answer("A", { answers }), { records: ["192.0.2.1"], ttl: 300, secure: false });
  const authority = [authorityBytes("example.org", 50)];
  assert.deepEqual(answer("A", { answers: poison, authority }), { status: "no-record", ttl: 50 });
  const additional = [recordBytes(self, 1, address(203, 0, 113, 1))];
  assert.deepEqual(answer("A", { additional, authority }), { status: "no-record", ttl: 50 });
});

test("aliases in a circle, and more of them than anybody needs, are a failure", () => {
  assert.equal(answer("A", { answers: [alias(self, name)] }), "too many aliases");
  assert.equal(answer("A", { answers: [alias(self, "b"), alias("b", "c"), alias("c", "b")] }), "too many aliases");
  const chain = [alias(self, "0"), ...Array.from({ length: 30 }, (_, at) => alias(`${at}`, `${at + 1}`))];
  assert.equal(answer("A", { answers: [...chain, recordBytes("30", 1, address(192, 0, 2, 1))] }), "too many aliases");
});

test("an alias that was asked for is not followed", () => {
  const answers = [alias(self, "b.example", 70), alias("b.example", "c.example")];
  assert.deepEqual(answer("CNAME", { answers }), { records: ["b.example"], ttl: 70, secure: false });
});

test("negative answers are kept as the zone of the name says", () => {
  const zone = (owner: string) => [authorityBytes(owner, 600, 60)];
  assert.deepEqual(answer("A", { code: 3, authority: zone("example.org") }), { status: "no-name", ttl: 60 });
  assert.deepEqual(answer("A", { authority: zone("") }), { status: "no-record", ttl: 60 });
  assert.deepEqual(answer("A", { authority: zone("other.example") }), { status: "no-record", ttl: undefined });
  assert.deepEqual(answer("A", { authority: zone("le.org") }), { status: "no-record", ttl: undefined });
  const answers = [alias(self, "www.other.example", 30)];
  assert.deepEqual(answer("A", { code: 3, answers, authority: zone("other.example") }), { status: "no-name", ttl: 30 });
});

test("a server that does not look elsewhere says nothing about what it does not have", () => {
  const referral = [recordBytes("org", 2, nameBytes("ns.org"))];
  assert.equal(answer("A", { recursive: false, authority: referral }), "no recursion");
  const authority = [authorityBytes("example.org", 60)];
  assert.deepEqual(answer("A", { recursive: false, authority }), { status: "no-record", ttl: 60 });
});

test("codes that are failures are never an answer, those of EDNS among them", () => {
  for (const [code, reason] of [
    [1, "FORMERR"],
    [2, "SERVFAIL"],
    [4, "NOTIMP"],
    [5, "REFUSED"],
    [9, "RCODE 9"],
  ] as const) {
    assert.equal(answer("A", { code, answers: [recordBytes(self, 1, address(192, 0, 2, 1))] }), reason);
  }
  const badVersion = recordBytes("", 41, Buffer.alloc(0), 0x01000000);
  assert.equal(answer("A", { additional: [badVersion], authority: [authorityBytes("", 60)] }), "BADVERS");
});

test("what is not the reply to this query is told apart", () => {
  const change = (at: number, value: number) => (usual: Buffer) => {
    usual[at] = value;
    return usual;
  };
  assert.deepEqual(answer("A", change(13, 0x57)), { status: "no-record", ttl: undefined }, "in another case");
  for (const [what, wrong] of Object.entries({
    "another id": change(1, 0x35),
    "a query": change(2, 0x01),
    "another opcode": change(2, 0x89),
    "another name": change(13, 0x78),
    "another type": change(30, 2),
    "another class": change(32, 3),
    "no question": change(5, 0),
    "two questions": change(5, 2),
    "half a header": (usual: Buffer) => usual.subarray(0, 11),
    "half a question": (usual: Buffer) => usual.subarray(0, 20),
  })) {
    assert.equal(answer("A", wrong), undefined, what);
  }
});

test("a cut reply is cut, whatever stands in it", () => {
  assert.equal(answer("A", { truncated: true, answers: [Buffer.from([1, 2, 3])] }), "truncated");
});

test("counts and lengths that lie are a failure, never an empty answer", () => {
  const good = recordBytes(self, 1, address(192, 0, 2, 1));
  const lie = (section: number, count: number) => (usual: Buffer) => {
    usual.writeUInt16BE(count, section);
    return Buffer.concat([usual, good]);
  };
  for (const section of [6, 8, 10]) assert.equal(answer("A", lie(section, 2)), "malformed reply");
  assert.equal(answer("A", lie(6, 65_535)), "too many records");
  for (let end = 1; end < good.length; end++) {
    assert.equal(answer("A", { answers: [good.subarray(0, end)] }), "malformed reply", `cut at ${end}`);
  }
  const lengths = { A: [0, 3, 5], AAAA: [0, 4, 15, 17], MX: [0, 2], TXT: [0], NS: [0], PTR: [0], CNAME: [0] };
  for (const [type, wrong] of Object.entries(lengths) as [RecordType, number[]][]) {
    for (const length of wrong) {
      const answers = [recordBytes(self, typeNumbers[type], Buffer.alloc(length, 1))];
      assert.equal(answer(type, { answers }), "malformed reply", `${type} of ${length} bytes`);
    }
  }
  const longString = Buffer.from([5, 0x61]);
  assert.equal(answer("TXT", { answers: [recordBytes(self, 16, longString)] }), "malformed reply");
  const beyond = Buffer.concat([nameBytes("a"), Buffer.from([0])]);
  assert.equal(answer("PTR", { answers: [recordBytes(self, 12, beyond)] }), "malformed reply");
});

test("records have a limit", () => {
  const many = (count: number) => ({
    answers: new Array<Buffer>(count).fill(recordBytes(self, 1, address(127, 0, 0, 2))),
  });
  assert.equal(answer("A", many(10_000)), "too many records");
  const found = answer("A", many(maxRecords));
  assert.ok(typeof found === "object" && "records" in found && found.records.length === maxRecords);
});

test("whatever bytes come, reading ends and does not throw", () => {
  let seed = 1;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const whole = [
    alias(self, "b.example"),
    recordBytes("b.example", 15, Buffer.concat([Buffer.from([0, 1]), nameBytes("mail.example")])),
    recordBytes("b.example", 16, Buffer.from("\x03abc", "latin1")),
    recordBytes("b.example", 28, Buffer.alloc(16)),
  ];
  for (let count = 0; count < 20_000; count++) {
    const type = (Object.keys(readData) as RecordType[])[random(7)] ?? "A";
    answer(type, (usual) => {
      const message = Buffer.concat([usual, ...whole, authorityBytes("example.org", 60)]);
      message[7] = random(6);
      message[9] = random(3);
      for (let change = random(6); change > 0; change--) message[33 + random(message.length - 33)] = random(256);
      return message.subarray(0, random(4) === 0 ? 33 + random(message.length - 33) : message.length);
    });
  }
});
