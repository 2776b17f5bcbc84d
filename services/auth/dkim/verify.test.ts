import assert from "node:assert/strict";
import { test } from "node:test";
import { zoneDns } from "../../../shared/dns/zone.testing.ts";
import { analyse } from "../../../shared/message/analyse.ts";
import { ed25519Key, rsaKey, type TestKey, withSignature } from "./forge.testing.ts";
import { queryKeys } from "./key-record.ts";
import { openMessage } from "./message.ts";
import { readSignature } from "./signature.ts";
import { verifySignature } from "./verify.ts";

const rsa = rsaKey(1_024);
const ed25519 = ed25519Key();
const now = Date.parse("2026-01-15T12:00:00Z");
const seconds = now / 1000;
const mail = "From: A <a@example.org>\r\nTo: b@example.net\r\nSubject: One\r\n\r\nHello\r\n";
const published = `v=DKIM1; p=${rsa.published}`;

interface Setting {
  readonly record?: readonly string[];
  readonly key?: TestKey;
  readonly mail?: string;
  /** What happens on the way. */
  change?(signed: string): string;
}

/** "pass", or the result and why. */
async function verified(tags: string, { record = [published], key = rsa, ...rest }: Setting = {}): Promise<string> {
  const signed = withSignature(tags, rest.mail ?? mail, key);
  const message = openMessage(analyse(Buffer.from(rest.change?.(signed) ?? signed, "latin1")));
  const field = message.fields.find((each) => each.key === "dkim-signature");
  assert.ok(field);
  const { signature, refused } = readSignature(field, { now, jitter: 60_000 });
  if (signature === null) return `unreadable: ${refused}`;
  const dns = zoneDns(record.map((text) => `s._domainkey.example.org TXT ${text}`));
  const keys = await queryKeys(dns, signature.domain, signature.selector);
  const { result, reason } = verifySignature(message, field, signature, keys, 10);
  return reason === "" ? result : `${result}: ${reason}`;
}

function tags(more = "", forms = "relaxed/relaxed"): string {
  return `v=1; a=rsa-sha256; c=${forms}; d=example.org; s=s; h=from:to:subject; ${more}bh=BODY; b=SIGNATURE`;
}

test("a signature holds", async () => {
  assert.equal(await verified(tags()), "pass");
  assert.equal(await verified(tags().replace("c=relaxed/relaxed; ", "")), "pass");
  assert.equal(await verified(tags("", "relaxed")), "pass");
  assert.equal(await verified(tags("", "SIMPLE/Relaxed")), "pass");
  assert.equal(await verified(tags().replace("d=example.org", "d=EXAMPLE.org.").replace("rsa-sha", "RSA-SHA")), "pass");
  assert.equal(await verified(tags("q=dns/txt; zz=top; z=From:a|To:b; ")), "pass");
  const ed = { key: ed25519, record: [`v=DKIM1; k=ed25519; p=${ed25519.published}`] };
  assert.equal(await verified(tags().replace("rsa-", "ed25519-"), ed), "pass");
});

test("what is wrong with the field is a permanent failure", async () => {
  const wrong = async (from: string | RegExp, to: string) => verified(tags().replace(from, to));
  assert.equal(await wrong("v=1", "v=2"), "unreadable: unknown version");
  assert.equal(await wrong("v=1; ", ""), "unreadable: no v=");
  assert.equal(await wrong("rsa-sha256", "rsa-sha1"), "unreadable: rsa-sha1 is historic");
  assert.equal(await wrong("rsa-sha256", "rsa-md5"), "unreadable: unknown algorithm");
  assert.equal(await wrong("d=example.org; ", ""), "unreadable: no d=");
  assert.equal(await wrong("d=example.org", "d=exa mple.org"), "unreadable: d= is no domain");
  assert.equal(await wrong("s=s; ", ""), "unreadable: no s=");
  assert.equal(await wrong("s=s", "s=.."), "unreadable: s= is no selector");
  assert.equal(await wrong("h=from:to:subject; ", ""), "unreadable: no h=");
  assert.equal(await wrong("from:", ""), "unreadable: From is not signed");
  assert.equal(await wrong("bh=BODY; ", ""), "unreadable: no bh=");
  assert.equal(await wrong("BODY", "!"), "unreadable: bh= is not base64");
  assert.equal(await wrong("; b=SIGNATURE", ""), "unreadable: no b=");
  assert.equal(await wrong("SIGNATURE", ""), "unreadable: b= is not base64");
  assert.equal(await wrong("relaxed/relaxed", "relaxed/nowsp"), "unreadable: unknown canonicalization");
  assert.equal(await wrong("relaxed/relaxed", "relaxed/simple/simple"), "unreadable: unknown canonicalization");
  assert.equal(await verified(tags("l=-1; ")), "unreadable: l= is no number");
  assert.equal(await verified(tags("t=soon; ")), "unreadable: t= is no number");
  assert.equal(await verified(tags("q=http; ")), "unreadable: unknown query method");
  assert.equal(await verified(tags("d=example.org; ")), "unreadable: two tags d");
});

test("time: t= and x=, with as much as clocks may differ", async () => {
  assert.equal(await verified(tags(`t=${seconds + 59}; x=${seconds + 60}; `)), "pass");
  assert.equal(await verified(tags(`t=${seconds + 61}; `)), "unreadable: made in the future");
  assert.equal(await verified(tags(`x=${seconds - 59}; `)), "pass");
  assert.equal(await verified(tags(`x=${seconds - 61}; `)), "unreadable: expired");
  assert.equal(await verified(tags(`t=${seconds}; x=${seconds - 1}; `)), "unreadable: expires before it was made");
  assert.equal(await verified(tags(`x=${"9".repeat(76)}; `)), "pass");
  assert.equal(await verified(tags(`x=${"9".repeat(77)}; `)), "unreadable: x= is no number");
});

test("the identity is of the domain or below it", async () => {
  assert.equal(await verified(tags("i=@example.org; ")), "pass");
  assert.equal(await verified(tags("i=a@b.EXAMPLE.org; ")), "pass");
  assert.equal(await verified(tags("i=a@example.com; ")), "unreadable: i= is not within d=");
  assert.equal(await verified(tags("i=a@badexample.org; ")), "unreadable: i= is not within d=");
  assert.equal(await verified(tags("i=example.org; ")), "unreadable: i= is not within d=");
  const strict = [`v=DKIM1; t=s; p=${rsa.published}`];
  assert.equal(await verified(tags("i=a@b.example.org; "), { record: strict }), "permerror: key is not for subdomains");
  assert.equal(await verified(tags("i=a@example.org; "), { record: strict }), "pass");
});

test("keys: what they allow, and what makes them unfit", async () => {
  const withKey = (...record: readonly string[]) => verified(tags(), { record });
  assert.equal(await withKey(`p=${rsa.published}`), "pass");
  assert.equal(await withKey(`v=DKIM1; k=RSA; h=sha1:sha256; s=tlsrpt:email; t=x; n=note; p=${rsa.published}`), "pass");
  assert.equal(await withKey(`v=DKIM1; h=sha1; p=${rsa.published}`), "permerror: key is not for sha256");
  assert.equal(await withKey(`v=DKIM1; s=tlsrpt; p=${rsa.published}`), "permerror: key is not for mail");
  assert.equal(await withKey(`v=DKIM1; k=ed25519; p=${rsa.published}`), "permerror: key is of another type");
  assert.equal(await withKey("v=DKIM1; p="), "permerror: key was revoked");
  assert.equal(await withKey("v=DKIM1"), "permerror: key record has no p=");
  assert.equal(await withKey("v=DKIM2; p=AAAA"), "permerror: no key record");
  assert.equal(await withKey("v=spf1 -all"), "permerror: no key record");
  assert.equal(await withKey("hello"), "permerror: key record has a tag without a value");
  assert.equal(await withKey("v=DKIM1; p=!"), "permerror: key is not base64");
  assert.equal(await withKey("v=DKIM1; p=AAAA"), "permerror: key cannot be read");
  assert.equal(await verified(tags(), { record: [] }), "permerror: no key");
  assert.equal(await verified(tags(), { record: ["!SERVFAIL"] }), "temperror: key: SERVFAIL");
  assert.equal(await verified(tags(), { record: ["!TIMEOUT"] }), "temperror: key: timeout");
});

test("of several records the one counts that fits", async () => {
  const other = rsaKey(1_024).published;
  assert.equal(await verified(tags(), { record: ["v=spf1 -all", `v=DKIM1; p=${other}`, published] }), "pass");
  const none = { record: ["v=spf1 -all", `v=DKIM1; p=${other}`] };
  assert.equal(await verified(tags(), none), "fail: signature does not match");
  const late = { record: ["v=spf1 -all", "a=b", "c=d", published] };
  assert.equal(await verified(tags(), late), "permerror: no key record");
});

test("a key of less than 1,024 bits passes nothing (RFC 8301, 3.2)", async () => {
  const weak = rsaKey(768);
  const setting = { key: weak, record: [`v=DKIM1; p=${weak.published}`] };
  assert.equal(await verified(tags(), setting), "policy: key has less than 1024 bits");
});

test("a key for tests does not make a message worse", async () => {
  const record = [`v=DKIM1; t=y:s; p=${rsa.published}`];
  assert.equal(await verified(tags(), { record }), "pass");
  const changed = { record, change: (signed: string) => `${signed}more` };
  assert.equal(await verified(tags(), changed), "neutral: body hash does not match, and the key is for testing");
});

test("the body: changed, longer, shorter", async () => {
  const longer = { change: (signed: string) => `${signed}more\r\n` };
  assert.equal(await verified(tags(), longer), "fail: body hash does not match");
  assert.equal(await verified(tags("l=7; "), longer), "pass");
  assert.equal(await verified(tags("l=0; "), longer), "pass");
  assert.equal(await verified(tags("l=8; ")), "fail: body is shorter than l=");
  assert.equal(await verified(tags(`l=${"9".repeat(76)}; `)), "fail: body is shorter than l=");
});

test("fields count from the bottom, and what is signed too often can not be added", async () => {
  const two = "From: A <a@example.org>\r\nTo: b@example.net\r\nSubject: One\r\nSubject: Two\r\n\r\nHello\r\n";
  const once = { mail: two, change: (signed: string) => signed.replace("Subject: One", "Subject: Other") };
  assert.equal(await verified(tags(), once), "pass");
  const bottom = { mail: two, change: (signed: string) => signed.replace("Subject: Two", "Subject: Other") };
  assert.equal(await verified(tags(), bottom), "fail: signature does not match");
  const onTop = { change: (signed: string) => `Subject: New\r\n${signed}` };
  assert.equal(await verified(tags(), onTop), "pass");
  assert.equal(await verified(tags().replace("h=from", "h=subject:from"), onTop), "fail: signature does not match");
  assert.equal(await verified(tags().replace("h=from", "h=subject:from:x-none:::x-none")), "pass");
});

test("b= is taken out with its blanks and nothing else", async () => {
  for (const forms of ["simple/simple", "relaxed/relaxed"]) {
    const middle = `v=1; a=rsa-sha256; b=SIGNATURE ;\tc=${forms}; d=example.org; s=s; h=from; bh=BODY`;
    assert.equal(await verified(middle), "pass");
    const folded = (signed: string) => signed.replace(/; b=(.{20})/, "; b= \r\n\t$1\r\n ");
    assert.equal(await verified(tags("", forms), { change: folded }), "pass");
    const lookalike = tags("xb=1; ", forms);
    assert.equal(await verified(lookalike), "pass");
    assert.equal(
      await verified(lookalike, { change: (signed) => signed.replace("xb=1", "xb=2") }),
      "fail: signature does not match",
    );
  }
  const blank = (signed: string) => signed.replace("; b=", "; b =");
  assert.equal(await verified(tags("", "simple/simple"), { change: blank }), "fail: signature does not match");
});

test("a signature may sign others, and never itself", async () => {
  const signed = withSignature(tags(), mail, rsa);
  const more = `v=1; a=rsa-sha256; d=example.org; s=s; h=from:dkim-signature:dkim-signature; bh=BODY; b=SIGNATURE`;
  assert.equal(await verified(more, { mail: signed }), "pass");
  const broken = { mail: signed, change: (text: string) => text.replace("c=relaxed/relaxed", "c=relaxed/simple") };
  assert.equal(await verified(more, broken), "fail: signature does not match");
});

test("domains and selectors in Unicode are looked up in ASCII (RFC 8616, 5)", async () => {
  const unicode = (name: string) => Buffer.from(name).toString("latin1");
  const text = tags()
    .replace("example.org", unicode("b\u00fccher.example"))
    .replace("s=s", `s=${unicode("f\u00fcnf")}`);
  const message = openMessage(analyse(Buffer.from(withSignature(text, mail, rsa), "latin1")));
  const field = message.fields[0];
  assert.ok(field);
  const { signature, claim } = readSignature(field, { now, jitter: 0 });
  assert.equal(claim.domain, "xn--bcher-kva.example");
  assert.equal(claim.selector, "xn--fnf-hoa");
  assert.ok(signature);
  const dns = zoneDns([`xn--fnf-hoa._domainkey.xn--bcher-kva.example TXT ${published}`]);
  const keys = await queryKeys(dns, signature.domain, signature.selector);
  assert.equal(verifySignature(message, field, signature, keys, 10).result, "pass");
});
