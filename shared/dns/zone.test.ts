import assert from "node:assert/strict";
import { test } from "node:test";
import { zoneDns } from "./zone.testing.ts";

const dns = zoneDns([
  "Example.ORG. A 192.0.2.1",
  "example.org A 192.0.2.2",
  "example.org AAAA 2001:DB8:0:0::1",
  "example.org MX 10 Mail.Example.org.",
  "example.org TXT v=spf1  -all",
  String.raw`example.org TXT "one " "two\" \\ \200"`,
  "a.b.example.org A 192.0.2.3",
  "*.wild.example.org A 127.0.0.2",
  "real.wild.example.org TXT here",
  "alias.example.org CNAME example.org",
  "circle.example.org CNAME circle.example.org",
  "slow.example.org TXT !TIMEOUT",
  "slow.example.org A 192.0.2.4",
  "broken.example.org * !SERVFAIL",
  "signed.example.org A 192.0.2.5",
  "signed.example.org * !SECURE",
]);

async function records(name: string, type: "A" | "AAAA" | "TXT" | "MX" | "CNAME"): Promise<unknown> {
  const answer = await dns.query(name, type);
  return answer.status === "found" ? answer.records : answer.status === "failed" ? answer.reason : answer.status;
}

test("lines become records, one char a byte, names in lower case without the last dot", async () => {
  assert.deepEqual(await records("example.org", "A"), ["192.0.2.1", "192.0.2.2"]);
  assert.deepEqual(await records("example.org", "AAAA"), ["2001:db8::1"]);
  assert.deepEqual(await records("example.org", "MX"), [{ preference: 10, exchange: "mail.example.org" }]);
  assert.deepEqual(await records("example.org", "TXT"), ["v=spf1  -all", 'one two" \\ \xc8']);
});

test("a name without a line does not exist, unless one lies below it", async () => {
  assert.equal(await records("nothing.example.org", "A"), "no-name");
  assert.equal(await records("b.example.org", "A"), "no-record");
  assert.equal(await records("a.b.example.org", "TXT"), "no-record");
});

test("a star stands for names that have no line", async () => {
  assert.deepEqual(await records("any.thing.wild.example.org", "A"), ["127.0.0.2"]);
  assert.equal(await records("real.wild.example.org", "A"), "no-record");
  assert.equal(await records("below.real.wild.example.org", "A"), "no-name");
});

test("aliases are followed, and a circle is a failure", async () => {
  assert.deepEqual(await records("alias.example.org", "AAAA"), ["2001:db8::1"]);
  assert.deepEqual(await records("alias.example.org", "CNAME"), ["example.org"]);
  assert.equal(await records("circle.example.org", "A"), "SERVFAIL");
});

test("words that begin with an exclamation mark are what goes wrong", async () => {
  assert.equal(await records("slow.example.org", "TXT"), "timeout");
  assert.deepEqual(await records("slow.example.org", "A"), ["192.0.2.4"]);
  assert.equal(await records("broken.example.org", "MX"), "SERVFAIL");
  const signed = await dns.query("signed.example.org", "A");
  assert.ok(signed.status === "found" && signed.secure);
});

test("a line that is none is refused with its text", () => {
  assert.throws(
    () => zoneDns(["example.org A 300.1.1.1"]),
    /zone example.org A 300.1.1.1: "300.1.1.1" is no IPv4 address/,
  );
  assert.throws(() => zoneDns(["example.org MX mail"]), /an MX has a number and a name/);
  assert.throws(() => zoneDns(["example.org"]), /a name, a type and a value/);
  assert.throws(() => zoneDns(["example.org A !OOPS"]), /!TIMEOUT/);
});
