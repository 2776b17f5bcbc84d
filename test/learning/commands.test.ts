// `sluice learn` and `sluice model` with a running filter, and Debian's rspamc.

import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { type SavedModel, writeModels } from "../../bin/model-file.ts";
import { sluice } from "../cli/sluice.ts";
import { rspamc } from "../http/rspamc.ts";
import { type Sluice, startSluice } from "../servers/sluice.ts";
import { mailNumber } from "./lessons.ts";

const config = `http { controller { enable_password = "secret" } } classifier { bayes { size = 1mb; per_user = domain } } neural { enabled = no }`;
const actor = resolve(import.meta.dirname, "opinion");
const limit = { timeout: 60_000 };

let folder: string;
let filter: Sluice;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-learn-"));
  filter = await startSluice({ config, actors: [actor] });
});
after(async () => {
  await filter?.close();
  await rm(folder, { recursive: true, force: true });
});

const learn = (args: readonly string[], input = "") =>
  sluice(["learn", "--server", filter.controller, "--password", "secret", ...args], input);
const model = (...args: readonly string[]) =>
  sluice(["model", ...args, "--config", filter.folder, "--data", join(filter.folder, "data"), "--actors", actor]);

/** Lessons of spam and of ham that the filter says its classifiers have; both have the same. */
async function untilKnown(spam: number, ham: number): Promise<void> {
  for (;;) {
    const answer = await fetch(`${filter.controller}/stat`, { headers: { password: "secret" } });
    const { statfiles } = (await answer.json()) as { statfiles: readonly { symbol: string; revision: number }[] };
    const known = Object.fromEntries(statfiles.map(({ symbol, revision }) => [symbol, revision]));
    const wanted = { BAYES_SPAM: spam, BAYES_HAM: ham, OPINION_SPAM: spam, OPINION_HAM: ham };
    if (Object.entries(wanted).every(([symbol, count]) => known[symbol] === count)) return;
    await pause(20);
  }
}

test("a client can ask which classifiers there are, and whether users have their own", limit, async () => {
  const answer = await fetch(`${filter.controller}/bayes/classifiers`, { headers: { password: "secret" } });
  const { classifiers } = (await answer.json()) as { classifiers: readonly { name: string }[] };
  const byName = classifiers.toSorted((one, other) => one.name.localeCompare(other.name));
  const rest = { type: "table", classes: ["spam", "ham"] };
  assert.deepEqual(byName, [
    { name: "bayes", per_user: true, ...rest },
    { name: "neural", per_user: false, ...rest },
    { name: "opinion", per_user: false, ...rest },
  ]);
});

const divider = "From a@example.org Thu Jan 15 12:00:00 2026\n";

test("learn: a mailbox file, a Maildir, a folder, standard input", limit, async () => {
  const [mailbox, maildir, other] = [join(folder, "box"), join(folder, "Maildir"), join(folder, "other")];
  await writeFile(mailbox, [1, 2, 3].map((n) => `${divider}${mailNumber(n)}\n`).join(""));
  for (const name of ["cur", "new", "tmp"]) await mkdir(join(maildir, name), { recursive: true });
  await writeFile(join(maildir, "cur", "4:2,S"), mailNumber(4));
  await writeFile(join(maildir, "new", "5"), mailNumber(5));
  await writeFile(join(maildir, "tmp", "6"), mailNumber(6));
  await mkdir(other);
  await writeFile(join(other, "7.eml"), mailNumber(7));
  const spam = await learn(["spam", mailbox]);
  assert.deepEqual([spam.code, spam.stderr], [0, ""]);
  assert.equal(spam.stdout, "3 mails: 3 learned as spam, 0 known, 0 with nothing to learn, 0 failed\n");
  const ham = await learn(["ham", maildir, other, "-"], mailNumber(8));
  assert.equal(ham.stdout, "4 mails: 4 learned as ham, 0 known, 0 with nothing to learn, 0 failed\n");
  await untilKnown(3, 4);
  const again = await learn(["spam", mailbox]);
  assert.deepEqual([again.code, again.stdout.split(": ")[1]?.split(",")[0]], [0, "0 learned as spam"]);
  assert.match(again.stdout, /, 3 known,/);
});

test("learn: as the other, and taken back", limit, async () => {
  assert.equal((await learn(["ham", "-"], mailNumber(1))).code, 0);
  await untilKnown(2, 5);
  const forgotten = await learn(["--forget", "-"], mailNumber(1));
  assert.equal(forgotten.stdout, "1 mails: 1 taken back, 0 not learned, 0 with nothing to learn, 0 failed\n");
  await untilKnown(2, 4);
  const never = await learn(["--forget", "-"], mailNumber(99));
  assert.match(never.stdout, /^1 mails: 0 taken back, 1 not learned,/);
});

test(
  "learn: a mail as it lies in a mailbox is the mail that was taught, and so is one that is attached",
  limit,
  async () => {
    const delivered = (n: number) =>
      `${divider}Return-Path: <a@example.org>\nX-Spam: Yes\n${mailNumber(n).replace(/^Subject: /m, "Subject: *** SPAM *** ")}`;
    const report = `From: user@example.net\nMessage-ID: <report@example.net>\nContent-Type: multipart/mixed; boundary=b

--b\nContent-Type: text/plain\n\nThis is spam\n--b\nContent-Type: message/rfc822\n\n${mailNumber(3)}\n--b--\n`;
    assert.match((await learn(["spam", "-"], delivered(2))).stdout, /^1 mails: 0 learned as spam, 1 known,/);
    assert.match((await learn(["spam", "--attached", "-"], report)).stdout, /^1 mails: 0 learned as spam, 1 known,/);
    const none = await learn(["spam", "--attached", "-"], mailNumber(3));
    assert.deepEqual([none.code, none.stderr], [75, "-: no mail is attached\n"]);
  },
);

test("learn: what is wrong", limit, async () => {
  const missing = await learn(["spam", join(folder, "away"), "-"], mailNumber(1000).slice(0, 40));
  assert.equal(missing.code, 75);
  assert.match(missing.stderr, /away: ENOENT/);
  assert.match(missing.stdout, /^2 mails: .*1 failed$/m);
  await learn(["--forget", "-"], mailNumber(1000).slice(0, 40));
  const user = await learn(["--forget", "-", "--user", "jörg@почта.example"], mailNumber(1000));
  assert.deepEqual([user.code, user.stderr], [0, ""]);
  assert.equal((await learn(["spam", "-", "--user", "a\r\nb"])).code, 64);
  const picture = await learn(["spam", "-"], "\x89PNG\r\n\x1a\n: no header");
  assert.deepEqual([picture.code, /is no mail/.test(picture.stderr)], [75, true]);
  const refused = await sluice(["learn", "spam", "-", "--server", filter.controller], mailNumber(1));
  assert.deepEqual([refused.code, /--password/.test(refused.stderr)], [69, true]);
  const nobody = await sluice(["learn", "spam", "-", "--server", "http://127.0.0.1:9"], mailNumber(1));
  assert.deepEqual([nobody.code, /sluice serve/.test(nobody.stderr)], [69, true]);
  for (const args of [[], ["spam"], ["junk", "-"], ["spam", "-", "--parallel", "0"]]) {
    assert.equal((await learn(args)).code, 64, args.join(" "));
  }
});

test("learn: a busy filter is asked again, and one that stays busy gives no answer", limit, async () => {
  let asked = 0;
  const busy = createServer((request, response) => {
    request.resume().on("end", () => {
      asked += 1;
      const isBusy = request.headers.classifier === "never" || asked < 3;
      response
        .writeHead(isBusy ? (asked === 1 ? 503 : 429) : 200)
        .end(isBusy ? '{"error":"busy"}' : '{"success":true}');
    });
  }).listen(0, "127.0.0.1");
  await new Promise((done) => busy.once("listening", done));
  const server = `http://127.0.0.1:${(busy.address() as AddressInfo).port}`;
  const patient = await sluice(["learn", "spam", "-", "--server", server], mailNumber(1));
  assert.deepEqual([patient.code, asked], [0, 3], patient.stderr);
  const given = await sluice(["learn", "spam", "-", "--server", server, "--classifier", "never"], mailNumber(1));
  assert.deepEqual([given.code, asked], [69, 3 + 7]);
  busy.close();
});

test("rspamc learns and is told what is known", limit, async () => {
  const args = (command: string) => ["-P", "secret", command];
  const spam = await rspamc(filter.controller, args("learn_spam"), mailNumber(20));
  assert.deepEqual([spam.code, /success = true/.test(spam.output)], [0, true], spam.output);
  const ham = await rspamc(filter.controller, args("learn_ham"), mailNumber(21));
  assert.equal(ham.code, 0, ham.output);
  await untilKnown(3, 5);
  const again = await rspamc(filter.controller, args("learn_spam"), mailNumber(20));
  assert.match(again.output, /already learned as spam/);
  const refused = await rspamc(filter.controller, ["learn_spam"], mailNumber(22));
  assert.match(refused.output, /401/);
  const empty = await rspamc(filter.controller, args("learn_spam"), "");
  assert.match(empty.output, /Empty body/);
  const stat = await rspamc(filter.controller, ["-P", "secret", "stat"]);
  assert.match(stat.output, /^Total learns: 16$/m);
});

test("model: exported, reset and imported while the filter runs", limit, async () => {
  const file = join(folder, "models");
  const written = await model("export", file);
  assert.deepEqual(
    [written.code, written.stderr, written.stdout],
    [0, "", "bayes (3 spam, 5 ham), neural (0 spam, 0 ham), opinion (3 spam, 5 ham): written\n"],
  );
  const smaller = await model(
    "export",
    join(folder, "smaller"),
    "--only",
    "bayes",
    "--set",
    "classifier.bayes.size=64kb",
  );
  assert.deepEqual([smaller.stderr, smaller.stdout], ["", "bayes (0 spam, 0 ham): written\n"]);
  assert.equal((await model("reset", "--only", "bayes")).stdout, "bayes: forgotten\n");
  const { stdout } = await model("stat");
  assert.match(stdout, /^bayes +2 +0 +0 +0 +0$/m);
  assert.match(stdout, /^opinion +7 +3 +5 +0 +0$/m);
  assert.equal((await model("import", file)).code, 0);
  await untilKnown(3, 5);
  // The ledger's lessons were of another life: they count anew.
  assert.match((await learn(["spam", "-"], mailNumber(20))).stdout, /1 learned as spam/);
  await untilKnown(4, 5);
});

test("model: a file that is damaged, foreign, or fits only in part changes nothing", limit, async () => {
  const file = join(folder, "models");
  const whole = await readFile(file);
  const refused = async (bytes: Buffer | readonly SavedModel[], why: RegExp) => {
    const bad = join(folder, "bad");
    if (Buffer.isBuffer(bytes)) await writeFile(bad, bytes);
    else await writeModels(bad, bytes);
    const { code, stderr } = await model("import", bad);
    assert.equal(code, 65, stderr);
    assert.match(stderr, why);
    assert.match(stderr, /Nothing was changed/);
  };
  await refused(whole.subarray(0, whole.length - 100), /checksum/);
  await refused(Buffer.from("hello"), /no file of models/);
  await refused([], /holds no model/);
  const fitting = { name: "opinion", schema: 7, bytes: new Uint8Array(8) };
  await refused([fitting, { name: "bayes", schema: 2, bytes: new Uint8Array(20) }], /bayes does not fit: .*size/);
  await refused([fitting, { name: "bayes", schema: 999, bytes: new Uint8Array(20) }], /schema 999/);
  await refused([fitting, { name: "stranger", schema: 1, bytes: new Uint8Array(20) }], /no such classifier/);
  await untilKnown(4, 5);
});

test("model: wrong usage, and places where nothing is", limit, async () => {
  for (const args of [[], ["export"], ["stat", "x"], ["burn"], ["stat", "--only", "nobody"]]) {
    assert.equal((await model(...args)).code, 64, args.join(" "));
  }
  assert.equal((await model("import", join(folder, "away"))).code, 74);
  const nowhere = await sluice(["model", "stat", "--data", join(folder, "nowhere")]);
  assert.deepEqual([nowhere.code, /there is no state/.test(nowhere.stderr)], [69, true]);
});
