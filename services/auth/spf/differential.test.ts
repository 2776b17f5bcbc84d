// The same made-up records, asked of us, of mailauth and of Mail::SPF. Wherever we differ the test knows why.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { spf } from "mailauth/lib/spf/index.js";
import type { RecordType } from "../../../shared/dns/dns.ts";
import { evaluateSpf, type SpfOutcome, type SpfQuestion } from "./evaluate.ts";
import { type Generated, generate } from "./generate.testing.ts";
import { type SuiteZone, suiteDns } from "./suite-zone.testing.ts";

const seeds = [2, 6, 7];
const domains = 70;

async function ask({ zone, questions }: Generated): Promise<SpfOutcome[]> {
  const dns = suiteDns(zone);
  return Promise.all(questions.map((question) => evaluateSpf(dns, question)));
}

/** What Node's own resolver would answer. */
function nodeResolver(zone: SuiteZone) {
  const dns = suiteDns(zone);
  return async (name: string, type: string): Promise<string[]> => {
    const answer = await dns.query(name, type as RecordType);
    if (answer.status === "found") {
      const records = answer.records.map((record) => {
        if (typeof record === "string") return type === "TXT" ? [record] : record;
        return { priority: record.preference, exchange: record.exchange };
      });
      // Its declarations know of no records but texts; its code does.
      return records as string[];
    }
    const codes = { "no-record": "ENODATA", "no-name": "ENOTFOUND", failed: "ETIMEOUT" };
    throw Object.assign(new Error(answer.status), { code: codes[answer.status] });
  };
}

async function askMailauth({ zone, questions }: Generated): Promise<string[]> {
  const resolver = nodeResolver(zone);
  const results: string[] = [];
  for (const { ip, helo, sender } of questions) {
    const { status } = await spf({ ip, helo, sender, resolver, strict: true, mta: "receiver.example" });
    results.push(status.result);
  }
  return results;
}

async function askMailSpf({ zone, questions }: Generated): Promise<string[]> {
  const pairs = Object.entries(zone).map(([name, entries]): [string, unknown[]] => [
    name,
    entries.flatMap((entry): unknown[] => (typeof entry === "string" ? [[entry, ""]] : Object.entries(entry))),
  ]);
  const perl = spawn("/usr/bin/perl", [resolve(import.meta.dirname, "mail-spf.testing.pl")]);
  // It ends before it has read everything when a module is missing.
  perl.stdin.on("error", () => {});
  const closed = new Promise((resolve) => perl.on("close", resolve).on("error", resolve));
  perl.stdin.end(JSON.stringify({ zone: Object.fromEntries(pairs), questions }));
  const [output, errors] = await Promise.all([text(perl.stdout), text(perl.stderr)]);
  await closed;
  assert.ok(output !== "", `Mail::SPF does not run: install libmail-spf-perl. ${errors.slice(0, 500)}`);
  return JSON.parse(output);
}

/** What one of them says other than we do, and all that is known of the question. */
interface Difference {
  readonly question: SpfQuestion;
  readonly ours: SpfOutcome;
  readonly theirs: string;
  /** TXT records that were read on the way. */
  readonly records: readonly string[];
  /** Queries that have no answer, were there no limit. */
  readonly voids: number;
  readonly asked: readonly string[];
}

type Reasons = Readonly<Record<string, (difference: Difference) => boolean>>;

const bothReasons: Reasons = {
  // RFC 7208, 4.6.4 counts terms, and a host with IPv4 only is not void for all the rest of the world.
  "counts queries without an answer, not terms": ({ theirs, voids }) => theirs === "permerror" && voids > 2,
};

const mailauthReasons: Reasons = {
  ...bothReasons,
  // RFC 7208, 4.8 leaves open what such a name is; the DNS can be asked for it.
  "does not ask for a name of one label": ({ asked }) => asked.some((query) => /^A+ [^. ]+$/.test(query)),
};

const mailSpfReasons: Reasons = {
  ...bothReasons,
  // RFC 7208, 4.6: errors count wherever they stand.
  "reads macros when their term's turn has come": ({ ours }) => ours.reason.includes("is no macro"),
  // It implements RFC 4408; RFC 7208, 4.6.4 made a permerror of this.
  "looks at the first ten hosts of an mx": ({ ours }) => ours.reason.includes("more than 10 hosts"),
  // RFC 7505, 3: "." is no host, so there is nothing to ask for.
  "counts the exchange of a null MX as one without an answer": ({ theirs, voids, asked }) =>
    theirs === "permerror" && voids === 2 && asked.includes("MX none.host.example"),
  // RFC 7208, 5.5 has no match where the PTR records cannot be had.
  "temperror for PTR records that cannot be had": ({ theirs, asked }) =>
    theirs === "temperror" && asked.includes("PTR 9.100.51.198.in-addr.arpa"),
  // RFC 7208, 6.1: it has an effect when no mechanism matches, and asks for nothing before that.
  "counts a redirect that is not followed": ({ theirs, records, asked }) =>
    theirs === "permerror" && asked.length >= 9 && records.some((record) => record.includes("redirect=")),
  // RFC 7208, 7.3: any name will do that is confirmed, so there is no need to ask for all of them.
  "asks for further names for the macro p": ({ theirs, voids, records }) =>
    theirs === "permerror" && voids === 2 && records.some((record) => record.includes("%{p}")),
  // RFC 7208, 5: such a client has IPv4 and is compared with "ip4" only.
  "compares IPv4 with ip6, mapped": ({ question, records }) =>
    question.ip === "192.0.2.1" && records.some((record) => record.includes("ip6:::ffff:")),
};

async function difference(zone: SuiteZone, question: SpfQuestion, theirs: string): Promise<Difference> {
  const asked: string[] = [];
  const dns = suiteDns(zone, asked);
  const ours = await evaluateSpf(dns, question);
  asked.length = 0;
  await evaluateSpf(dns, question, { limits: { voids: 100 } });
  const queries = [...asked];
  const records: string[] = [];
  let voids = 0;
  for (const query of queries) {
    const [type = "", name = ""] = query.split(/ (.*)/);
    const answer = await dns.query(name, type as RecordType);
    if (type === "TXT") records.push(...(answer.status === "found" ? answer.records.map(String) : []));
    else if (answer.status === "no-name" || answer.status === "no-record") voids += 1;
  }
  return { question, ours, theirs, records, voids, asked: queries };
}

/** Names the reason of each difference; fails on one that has none. */
async function explain(made: Generated, ours: SpfOutcome[], theirs: string[], reasons: Reasons): Promise<Set<string>> {
  const seen = new Set<string>();
  for (const [index, question] of made.questions.entries()) {
    const result = theirs[index] ?? "nothing";
    if (ours[index]?.result === result) continue;
    const found = await difference(made.zone, question, result);
    const reason = Object.entries(reasons).find(([, explains]) => explains(found))?.[0];
    assert.ok(reason !== undefined, `no reason is known: ${JSON.stringify(found)}`);
    seen.add(reason);
  }
  return seen;
}

for (const [name, askThem, reasons] of [
  ["mailauth", askMailauth, mailauthReasons],
  ["Mail::SPF", askMailSpf, mailSpfReasons],
] as const) {
  test(`wherever ${name} says something else, it is known why`, async () => {
    const seen = new Set<string>();
    const results = new Map<string, number>();
    for (const seed of seeds) {
      const made = generate(seed, domains);
      const ours = await ask(made);
      for (const { result } of ours) results.set(result, (results.get(result) ?? 0) + 1);
      for (const reason of await explain(made, ours, await askThem(made), reasons)) seen.add(reason);
    }
    // The questions have every kind of answer, and no reason is listed in vain.
    assert.deepEqual([...results.keys()].sort(), [
      "fail",
      "neutral",
      "none",
      "pass",
      "permerror",
      "softfail",
      "temperror",
    ]);
    for (const [result, count] of results) assert.ok(count >= 10, `${count} of ${result}`);
    assert.deepEqual([...seen].sort(), Object.keys(reasons).sort());
  });
}
