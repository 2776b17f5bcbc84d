// What we sign and seal, through Postfix and the milter, with all that we change ourselves: it still holds where it
// arrives, as dkimpy and we read it.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type Entrance, type Postfix, startPostfix } from "../milter/postfix.ts";
import { type Sink, startSink } from "../milter/sink.ts";
import { type Sluice, startSluice } from "../servers/sluice.ts";
import { domain, pemOf, records, testKeys } from "./keys.ts";
import { judged, judgedChain } from "./ours.ts";
import { askPeer } from "./peer.ts";

const dkimpy = { command: "/usr/bin/python3", script: "dkimpy.py", debian: "python3-dkim python3-nacl" };
const forms = ["relaxed/relaxed", "simple/simple", "relaxed/simple", "simple/relaxed"] as const;

const folder = mkdtempSync(join(tmpdir(), "sluice-keys-"));
const filters: Sluice[] = [];
let postfix: Postfix;
let sink: Sink;

function config(form: string): string {
  const selectors = testKeys.map(({ selector }) => `{ selector = "${selector}" }`).join(", ");
  const keys = `path = "${folder}/$domain.$selector.key"; canonicalization = "${form}"`;
  return `
    # All mail of this test comes from this machine: as a stranger's, it is looked at.
    options { local_addrs = ["192.0.2.0/24"] }
    actions { reject = 600; rewrite_subject = 28; add_header = 16; subject = "*** SPÄM *** %s"; }
    dkim_signing {
      domain { "${domain}" { path = "${folder}/$domain.$selector.key"; selectors [ ${selectors} ] } }
      sign_inbound = true; allow_hdrfrom_mismatch = true; ${keys}
      # What we add, rewrite and take away is signed too.
      sign_headers = "(o)from:(o)to:(o)subject:(x)date:(x)message-id:(x)x-odd:(o)x-spamd-result:(o)x-site:(o)x-gone:received-spf";
    }
    arc {
      selector = "${testKeys[0]?.selector}"; ${keys}
      sign_headers = "(o)from:(o)to:(o)subject:(x)date:(x)message-id:(x)x-odd:(o)x-spamd-result:(o)x-site:(o)x-gone:dkim-signature";
    }
    milter_headers {
      use = ["x-spamd-result", "x-spam-status", "authentication-results", "add-headers", "remove-headers"];
      skip_local = false;
      routines {
        add-headers { headers { X-Site = ["Grüße aus Köln, und das ist noch lange nicht alles, denn es geht weiter", "two"]; } }
        remove-headers { headers { X-Gone = 0; X-Odd = -1; } }
      }
    }`;
}

before(async () => {
  for (const key of testKeys) writeFileSync(join(folder, `${domain}.${key.selector}.key`), pemOf(key), { mode: 0o600 });
  const zone = Object.entries(records).map(([name, record]) => `${name} TXT ${record}`);
  zone.push("example.net TXT v=spf1 ip4:127.0.0.1 -all");
  const actors = [join(import.meta.dirname, "../milter/told")];
  for (const form of forms) filters.push(await startSluice({ config: config(form), zone, actors }));
  sink = await startSink();
  const settings = { local_header_rewrite_clients: "", smtp_line_length_limit: "0" };
  const milters = filters.map(({ milter }) => milter);
  postfix = await startPostfix({ milters, deliverTo: sink.port, settings });
});

after(async () => {
  await postfix?.stop();
  await sink?.close();
  for (const filter of filters) await filter.close();
  rmSync(folder, { recursive: true, force: true });
});

const date = `Date: ${new Date().toUTCString().replace("GMT", "+0000")}`;

function mail(id: string, fields: readonly string[], body: string): string {
  return [
    `From: Joe <a@${domain}>`,
    `To: b@${domain}`,
    date,
    `Message-ID: <${id}@${domain}>`,
    ...fields,
    "",
    body,
  ].join("\r\n");
}

const mails: Readonly<Record<string, readonly [fields: readonly string[], body: string]>> = {
  plain: [["Subject: Hello"], "Hello\r\n"],
  changed: [
    ["Subject: Hello", "X-Gone: yes", "X-Odd: one", "X-Gone: again", "X-Odd:  two ", "X-Odd: three", "X-Site: theirs"],
    "Hello\r\n",
  ],
  rewritten: [['X-Verdict: {"score": 30}', "Subject: Gr\xfc\xdfe  aus\r\n\tK\xf6ln"], "Hello\r\n"],
  "rewritten without a subject": [['X-Verdict: {"score": 30}'], "Hello\r\n"],
  marked: [['X-Verdict: {"score": 20}', "Subject: Hello", "X-Spam: No"], "Hello\r\n"],
  "8-bit": [["Subject: caf\xc3\xa9 \xe9\xff", "X-Odd: \x80"], "caf\xc3\xa9 \xe9\xff\r\n"],
  folded: [["SUBJECT:\tHello \r\n  there\r\n\tyou ", "X-Odd:\r\n folded at once", "X-odd: a"], "Hello\r\n"],
  blanks: [["Subject:  Hello   there "], "  two  blanks \r\n\ttab\t\r\n \r\n\r\n\r\n"],
  long: [
    [`Subject: ${"x".repeat(900)}`, `X-Odd: ${"y".repeat(900)}`],
    `${"z".repeat(990)}\r\n${"w ".repeat(2_000)}\r\n`,
  ],
  empty: [["Subject: Hello"], ""],
  dots: [["Subject: Hello"], ".\r\n..\r\n.a\r\n"],
  large: [["Subject: Hello"], `${"caf\xe9 =20\t \r\n".repeat(60_000)}`],
};

for (const [at, form] of forms.entries()) {
  test(`${form}: what arrives is signed and sealed`, async () => {
    const entrance = postfix.entrances[at] as Entrance;
    const arrived: Buffer[] = [];
    for (const [name, [fields, body]] of Object.entries(mails)) {
      const id = `${at}-${name.replaceAll(" ", "-")}`;
      const reply = await entrance.send({
        from: "sender@example.net",
        to: `rcpt@${domain}`,
        message: mail(id, fields, body),
      });
      assert.match(reply, /^250 /, name);
      const { message } = await sink.find(({ message }) => message.includes(`<${id}@${domain}>`));
      arrived.push(Buffer.from(message, "latin1"));
    }
    const told = arrived.map((raw) => raw.toString("latin1").split("\r\n\r\n", 1)[0] ?? "");
    assert.match(told[2] ?? "", /^Subject: =\?UTF-8\?B\?/m);
    assert.doesNotMatch(told[1] ?? "", /^X-Gone:|^X-Odd: three/m);
    assert.match(told[1] ?? "", /^X-Odd: {2}two $/m);
    const raws = arrived.map((raw) => raw.toString("base64"));
    const verified = await askPeer(
      dkimpy,
      records,
      raws.map((raw) => ({ do: "verify" as const, raw })),
    );
    const chains = await askPeer(
      dkimpy,
      records,
      raws.map((raw) => ({ do: "verify arc" as const, raw })),
    );
    for (const [at, name] of Object.keys(mails).entries()) {
      const raw = arrived[at] ?? Buffer.alloc(0);
      const text = `${name}\n${raw.toString("latin1").slice(0, 6_000)}`;
      assert.deepEqual(
        await judged(raw),
        testKeys.map(() => "pass"),
        text,
      );
      assert.equal(await judgedChain(raw), "pass", text);
      assert.equal(verified[at], "pass", text);
      assert.equal(chains[at], "pass", text);
    }
  });
}

/** Names of the headers, from the top. */
const namesOf = (message: string) =>
  [...(message.split("\r\n\r\n", 1)[0] ?? "").matchAll(/^([^:\s]+):/gm)].map(([, name]) => name ?? "");

test("the seal notes what we found, and all stands in its order on top", async () => {
  const id = "order";
  await (postfix.entrances[0] as Entrance).send({
    message: mail(id, ["Subject: Hello"], "Hello\r\n"),
    to: `rcpt@${domain}`,
  });
  const { message } = await sink.find(({ message }) => message.includes(`<${id}@${domain}>`));
  const top = namesOf(message)
    .filter((name) => name !== "Received")
    .slice(0, 6);
  assert.deepEqual(top, [
    "DKIM-Signature",
    "DKIM-Signature",
    "Authentication-Results",
    "ARC-Seal",
    "ARC-Message-Signature",
    "ARC-Authentication-Results",
  ]);
  const unfolded = message.replace(/\r\n[ \t]+/g, " ");
  assert.match(unfolded, /^ARC-Authentication-Results: i=1; mx\.example\.org; .*spf=pass .*smtp\.mailfrom=/m);
  assert.doesNotMatch(message, /^[^\r\n]{999,}$/m);
});
