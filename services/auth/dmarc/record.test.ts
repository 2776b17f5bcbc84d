import assert from "node:assert/strict";
import { test } from "node:test";
import { mailbox } from "../../../shared/message/address.ts";
import type { Headers, Mailbox } from "../../../shared/task.ts";
import { authorOf } from "./author.ts";
import { type DmarcRecord, parseRecord } from "./record.ts";

const plain: DmarcRecord = {
  policy: "none",
  strictSpf: false,
  strictDkim: false,
  percent: 100,
  testing: false,
  suffix: "u",
  addresses: [],
  failureOptions: "0",
};
const rua = { addresses: [{ address: "r@example.org", limit: null }] };

const records: readonly (readonly [string, Partial<DmarcRecord>])[] = [
  ["v=DMARC1; p=none", {}],
  ["v=DMARC1;p=reject;", { policy: "reject" }],
  ["v = DMARC1 ;\tP = Quarantine ; ", { policy: "quarantine" }],
  ["v=DMARC1", {}],
  ["v=DMARC1; p=reject; sp=none; np=reject", { policy: "reject", subdomains: "none", nonexistent: "reject" }],
  ["v=DMARC1; p=reject; adkim=s; aspf=S", { policy: "reject", strictDkim: true, strictSpf: true }],
  ["v=DMARC1; p=reject; adkim=x; aspf=", { policy: "reject" }],
  ["v=DMARC1; p=reject; pct=0; t=y; psd=Y", { policy: "reject", percent: 0, testing: true, suffix: "y" }],
  ["v=DMARC1; p=reject; pct=101; t=maybe; psd=x", { policy: "reject" }],
  ["v=DMARC1; p=reject; pct=-1", { policy: "reject" }],
  ["v=DMARC1; p=reject; p=none", { policy: "reject" }],
  ["v=DMARC1; new=tag; ;;; no-value; p=reject", { policy: "reject" }],
  ["v=DMARC1\\; p=reject\\; sp=none", { policy: "reject", subdomains: "none" }],
  ["v=DMARC1; p=reject; rua=mailto:r@example.org; fo=1:d", { policy: "reject", ...rua, failureOptions: "1:d" }],
  ["V=DMARC1; p=reject", { policy: "reject" }],
  ["v=DMARC1; p=bogus; rua=mailto:r@example.org", rua],
  ["v=DMARC1; p=bogus; rua=r@example.org, https://example.org/dmarc", {}],
  ["v=DMARC1; p=reject; sp=bogus; np=reject; rua=mailto:r@example.org", rua],
];

for (const [text, expected] of records) {
  test(`record: ${text}`, () => {
    assert.deepEqual(parseRecord(text), { ...plain, ...expected });
  });
}

for (const text of ["", "v=DMARC1p=none", "v=dmarc1; p=none", "p=none; v=DMARC1", " v=DMARC1; p=none", "v=spf1 -all"]) {
  test(`no record: ${JSON.stringify(text)}`, () => {
    assert.equal(parseRecord(text), null);
  });
}

for (const [text, why] of [
  ["v=DMARC1; p=bogus", "p tag has invalid value: bogus"],
  ["v=DMARC1; p=", "p tag has invalid value: "],
  ["v=DMARC1; p=none; sp=rejected", "sp tag has invalid value: rejected"],
  ["v=DMARC1; p=none; np=\x00\xff", "np tag has invalid value: ??"],
] as const) {
  test(`bad record: ${JSON.stringify(text)}`, () => {
    assert.equal(parseRecord(text), why);
  });
}

test("records of 64 KB: endless tags, endless values, a thousand addresses", () => {
  assert.deepEqual(parseRecord(`v=DMARC1; ${";".repeat(65_000)}p=reject`), plain);
  assert.deepEqual(parseRecord(`v=DMARC1; x=${"y".repeat(65_000)}; p=reject`), { ...plain, policy: "reject" });
  const bad = parseRecord(`v=DMARC1; p=${"y".repeat(65_000)}`);
  assert.ok(typeof bad === "string" && bad.length < 100);
  const many = Array.from({ length: 1_000 }, (_, n) => `mailto:a${n}@example.org`).join(",");
  const record = parseRecord(`v=DMARC1; p=reject; rua=${many}`);
  assert.ok(record !== null && typeof record === "object" && record.addresses.length === 10);
});

function headers(...lists: readonly (readonly Mailbox[])[]): Pick<Headers, "fields" | "from"> {
  const field = { name: "From", key: "from", raw: "", value: "" };
  return { fields: [{ ...field, name: "X", key: "x" }, ...lists.map(() => field)], from: lists.flat() };
}
const of = (...addresses: readonly string[]) => addresses.map((address) => mailbox("", address));

const authors: readonly (readonly [Pick<Headers, "fields" | "from">, object])[] = [
  [headers(of("joe@Example.ORG")), { domain: "example.org" }],
  [headers(of("joe@bücher.example")), { domain: "xn--bcher-kva.example" }],
  [headers(of("joe@example.org", "ann@example.org", "somebody")), { domain: "example.org" }],
  [headers(of("joe@example..org", "ann@example.net")), { reason: "Unreadable address in From header" }],
  [headers(of("ann@example.net", "joe@[192.0.2.1]")), { reason: "Unreadable address in From header" }],
  [headers(of("joe@example.org", "ann@example.net")), { reason: "Several domains in From header" }],
  [headers(of("joe@example.org"), of("joe@example.org")), { reason: "Duplicate From header" }],
  [headers(), { reason: "No From header" }],
  [headers([]), { reason: "No domain in From header" }],
  [headers(of("somebody", "x@[192.0.2.1]", "y@192.0.2.1", "z@a_/b")), { reason: "No domain in From header" }],
  [headers(of("a b@example.org")), { domain: "example.org" }],
];

for (const [given, expected] of authors) {
  test(`author of ${given.from.map(({ address }) => address)}`, () => {
    assert.deepEqual(authorOf(given), expected);
  });
}

test("10,000 addresses", () => {
  const same = Array.from({ length: 10_000 }, (_, n) => mailbox("", `a${n}@example.org`));
  assert.deepEqual(authorOf(headers(same)), { domain: "example.org" });
  assert.deepEqual(authorOf(headers([...same, mailbox("", "x@example.net")])), {
    reason: "Several domains in From header",
  });
});
