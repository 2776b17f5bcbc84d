import assert from "node:assert/strict";
import { test } from "node:test";
import type { Context } from "../../../shared/check.ts";
import { zoneDns } from "../../../shared/dns/zone.testing.ts";
import { mailbox } from "../../../shared/message/address.ts";
import type { DkimResult } from "../dkim/finding.ts";
import { adsp, practiceOf } from "./adsp.ts";

const name = "_adsp._domainkey.example.org";

for (const [lines, result] of [
  [[], "nxdomain"],
  [["example.org A 192.0.2.1"], "none"],
  [["example.org * !SERVFAIL"], "temperror"],
  [["example.org A 192.0.2.1", `${name} TXT !TIMEOUT`], "temperror"],
  [[`${name} TXT dkim=all`], "fail"],
  [[`${name} TXT dkim = DISCARDABLE ; x=y`], "discard"],
  [[`${name} TXT dkim=unknown`], "unknown"],
  [[`${name} TXT dkim=all`, `${name} TXT dkim=all`], "unknown"],
  [[`${name} TXT v=1;dkim=all`], "unknown"],
  [[`${name} TXT dkim=all the rest`], "unknown"],
  [["*.org TXT dkim=discardable"], "nxdomain"],
] as const) {
  test(`${lines.join(" | ")}: ${result}`, async () => {
    const wild = lines.some((line) => line.startsWith("*"));
    // What stands below a name makes it exist, but a wildcard beside it does not.
    const dns = zoneDns(wild ? [`${name.replace("example.org", "example.net")} TXT x`] : [...lines]);
    assert.equal(await practiceOf("example.org", dns), result);
  });
}

async function run(
  from: readonly string[],
  signed: readonly (readonly [string, DkimResult])[],
  zone: readonly string[],
) {
  const hits: string[] = [];
  const signatures = signed.map(([domain, result]) => ({ domain, result }));
  const ctx = {
    dns: zoneDns(zone),
    finding: () => ({ signatures }),
    hit: (symbol: string) => {
      hits.push(symbol);
    },
  };
  const task = { headers: { from: from.map((address) => mailbox("", address)) } };
  const finding = await adsp.run(task as never, ctx as unknown as Context<string, never, unknown>);
  return { finding, hits, asked: ctx.dns.asked };
}

const zone = ["example.org MX 1 mail.example.org", `${name} TXT dkim=discardable`];

test("a signature of the author's very domain passes, and nothing is asked", async () => {
  const { finding, hits, asked } = await run(["a@Example.org"], [["example.org", "pass"]], zone);
  assert.deepEqual([hits, asked], [[], []]);
  const properties = [["header.from", "example.org"]];
  assert.deepEqual(finding, { authentication: [{ method: "dkim-adsp", result: "pass", properties }] });
});

test("one of a domain above or beside it does not, nor one that fails", async () => {
  const other = [
    ["org", "pass"],
    ["mail.example.org", "pass"],
    ["example.org", "fail"],
  ] as const;
  assert.deepEqual((await run(["a@example.org"], other, zone)).hits, ["DKIM_ADSP_DISCARD"]);
});

test("a key that cannot be had may have made it pass", async () => {
  assert.deepEqual((await run(["a@example.org"], [["example.org", "temperror"]], zone)).hits, ["DKIM_ADSP_DNSFAIL"]);
});

test("several authors are several domains, so many and no more", async () => {
  const many = Array.from({ length: 50 }, (_, n) => `a@n${n}.example`);
  assert.deepEqual((await run(many, [], zone)).hits, new Array(5).fill("DKIM_ADSP_NXDOMAIN"));
  assert.deepEqual((await run(["a@example.org", "b@example.org"], [], zone)).hits, ["DKIM_ADSP_DISCARD"]);
  assert.deepEqual((await run(["nobody", "a@[192.0.2.1]", "a@localhost"], [], zone)).hits, []);
});
