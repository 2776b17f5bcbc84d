import assert from "node:assert/strict";
import { test } from "node:test";
import { askOf, countOf, resolverFor, startSite } from "./site.testing.ts";

const records = `
  fake_records = [
    { name = "Example.org."; replies = ["192.0.2.1", "192.0.2.2"]; },
    { name = "example.org"; type = "txt"; replies = "v=spf1 -all"; },
    { name = "example.org"; type = MX; replies = ["10 mail.example.org", "0 ."]; },
    { name = "_dmarc.example.org"; type = txt; rcode = norec; },
    { name = "gone.example.org"; type = txt; rcode = NXDOMAIN; },
    { name = "slow.example.org"; type = txt; rcode = timeout; },
    { name = "sick.example.org"; type = txt; rcode = servfail; },
    { name = "bare.example.org"; },
  ];
`;

test("what the operator wrote is the answer, and no name server is asked", async (t) => {
  const { ask, server } = await startSite(t, ["example.org A 203.0.113.9"], {}, records);
  assert.deepEqual(await ask("example.org", "A"), ["192.0.2.1", "192.0.2.2"]);
  assert.deepEqual(await ask("example.org", "TXT"), ["v=spf1 -all"]);
  assert.deepEqual(await ask("example.org", "MX"), [
    { preference: 10, exchange: "mail.example.org" },
    { preference: 0, exchange: "" },
  ]);
  assert.equal(await ask("_dmarc.example.org", "TXT"), "no-record");
  assert.equal(await ask("gone.example.org", "TXT"), "no-name");
  assert.equal(await ask("slow.example.org", "TXT"), "failed: timeout");
  assert.equal(await ask("sick.example.org", "TXT"), "failed: SERVFAIL");
  assert.equal(await ask("bare.example.org", "A"), "no-record");
  assert.equal(countOf(server), 0);
});

test("other types and names are the name server's", async (t) => {
  const { ask, server } = await startSite(
    t,
    ["example.org AAAA 2001:db8::1", "gone.example.org A 192.0.2.7"],
    {},
    records,
  );
  assert.deepEqual(await ask("example.org", "AAAA"), ["2001:db8::1"]);
  assert.deepEqual(await ask("gone.example.org", "A"), ["192.0.2.7"]);
  assert.equal(countOf(server), 2);
});

test("without any name server they are there all the same", async (t) => {
  const ask = askOf(resolverFor(t, records));
  assert.deepEqual(await ask("example.org", "TXT"), ["v=spf1 -all"]);
  assert.equal(await ask("other.example.org", "TXT"), "failed: no name server");
});

test("a record that cannot be read is refused", (t) => {
  const wrong = (record: string) => () => resolverFor(t, `fake_records = [${record}];`);
  assert.throws(wrong(`{ type = a; }`), /fake_records.*takes the name/);
  assert.throws(wrong(`{ name = "a..b"; }`), /takes the name/);
  assert.throws(wrong(`{ name = "example.org"; type = srv; }`), /type that no check asks for/);
  assert.throws(wrong(`{ name = "example.org"; rcode = odd; }`), /rcode "odd"/);
  assert.throws(wrong(`{ name = "example.org"; replies = ["example.net"]; }`), /no IPv4 address/);
  assert.throws(wrong(`{ name = "example.org"; reply = ["192.0.2.1"]; }`), /the key "reply"/);
  assert.throws(wrong(`"example.org A 192.0.2.1"`), /must be a section/);
});
