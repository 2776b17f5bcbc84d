// The same messages as mailauth sees them: signed, and changed in every way that matters.

import assert from "node:assert/strict";
import { test } from "node:test";
import { dkimVerify } from "mailauth/lib/dkim/verify.js";
import { zoneDns } from "../../shared/dns/zone.testing.ts";
import { openRandom } from "../fuzz/random.ts";
import { domain } from "./keys.ts";
import { type Mutation, mutations } from "./mutations.ts";
import { judged, samples, signed, waysWith } from "./ours.ts";

/** Where it says another thing than we do, and why we stay with ours. */
const differing: Readonly<Record<string, string>> = {
  "a key for d= alone": "it does not look at t=s (RFC 6376, 3.6.1); i= is below d= here",
  "a key with p= twice": "it takes the last; by RFC 6376, 3.2 no tag of such a list counts",
};

const mails = samples(16, 21, waysWith()).map((mail, at) => {
  const text = signed(mail, at).toString("latin1");
  const end = /\r\n(?![ \t])/.exec(text)?.index ?? 0;
  return { ...mail, signature: text.slice(0, end), rest: text.slice(end + 2) };
});

async function theirs(raw: Buffer, name: string, record: string): Promise<string> {
  const { results } = await dkimVerify(raw, {
    resolver: async (asked: string) => {
      if (asked === name) return [[record]];
      throw Object.assign(new Error("no such name"), { code: "ENOTFOUND" });
    },
  });
  return results
    .map(({ status }) => (status.result === "pass" ? "pass" : `${status.result}: ${status.comment}`))
    .join();
}

async function compare({ name, change }: Mutation): Promise<readonly string[]> {
  const differences: string[] = [];
  for (const mail of mails) {
    const [signature, rest, record] = change(mail.signature, mail.rest, mail.key.record);
    const raw = Buffer.from(`${signature}\r\n${rest}`, "latin1");
    const key = `${mail.key.selector}._domainkey.${domain}`;
    const we = (await judged(raw, zoneDns([`${key} TXT ${record}`]))).join();
    const they = await theirs(raw, key, record);
    if ((we === "pass") !== (they === "pass"))
      differences.push(`${name}: we ${we}, they ${they} [${mail.header}/${mail.body}]`);
  }
  return differences;
}

for (const mutation of mutations) {
  test(mutation.name, async () => {
    const differences = await compare(mutation);
    if (differing[mutation.name] === undefined) assert.deepEqual(differences, []);
    else assert.notDeepEqual(differences, [], "it has come round");
  });
}

/** A line among the headers that is neither a field nor goes on with one: mailauth takes it for part of the field above,
 *  we leave it out. */
function hasBrokenLine(raw: Buffer): boolean {
  const [head = ""] = raw.toString("latin1").split(/\n\r?\n/, 1);
  return head.split(/\r?\n/).some((line) => !/^(?:[!-9;-~]+[ \t]*:|[ \t])/.test(line));
}

test("one byte changed anywhere", async () => {
  const random = openRandom(22);
  const odd = [0, 9, 10, 13, 32, 46, 58, 59, 61, 65, 255];
  let same = 0;
  for (let round = 0; round < 400; round++) {
    const { signature, rest, key } = random.pick(mails);
    const text = `${signature}\r\n${rest}`;
    const at = random.below(random.once(2) ? signature.length : Math.min(text.length, 3_000));
    const end = at + random.below(2);
    const put = random.once(3) ? "" : String.fromCharCode(random.pick(odd));
    const raw = Buffer.from(text.slice(0, at) + put + text.slice(end), "latin1");
    const we = (await judged(raw)).join();
    const they = await theirs(raw, `${key.selector}._domainkey.${domain}`, key.record);
    if ((we === "pass") === (they === "pass")) same++;
    // RFC 6376, 6.1.1 has formats checked to the letter; mailauth leaves out what is not base64.
    else assert.ok(/not base64/.test(we) || hasBrokenLine(raw), `we ${we}, they ${they}: ${raw.toString("latin1")}`);
  }
  assert.ok(same > 300, `${same} of 400`);
});
