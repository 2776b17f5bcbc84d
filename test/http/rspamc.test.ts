// Debian's rspamc against both doors, with a coordinator that answers what the test says.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startGateway, type TestGateway } from "./gateway.ts";
import { rspamc } from "./rspamc.ts";
import { verdictOf } from "./verdict.ts";

const mail = "From: a@example.org\r\nSubject: x\r\n\r\nhello\r\n";
let gateway: TestGateway;
before(async () => {
  gateway = await startGateway({ controller: 'enable_password = "secret"' });
});
after(() => gateway.close());

test("a scan, plain and compressed, at both doors", async () => {
  for (const door of [gateway.scan, gateway.controller]) {
    for (const extra of [[], ["-z"]]) {
      const args = ["-P", "secret", "-i", "192.0.2.1", "-F", "s@example.org", "-r", "r@example.org", "-p", ...extra];
      const { code, output } = await rspamc(door, args, mail);
      assert.equal(code, 0, output);
      assert.match(output, /^Action: add header$/m);
      assert.match(output, /^Spam: true$/m);
      assert.match(output, /^Score: 7\.30 \/ 15\.00$/m);
      assert.match(output, /^Symbol: R_SPF_FAIL \(6\.30\)\[-all, example\.org\]$/m);
      const asked = gateway.asked.at(-1);
      assert.equal(asked?.message, mail);
      assert.equal(asked?.request.passAll, true);
      assert.equal(asked?.request.envelope.ip, "192.0.2.1");
      assert.deepEqual(asked?.request.envelope.rcpts, ["r@example.org"]);
    }
  }
});

test("the message comes back with headers", async () => {
  const { code, output } = await rspamc(gateway.scan, ["-m"], mail);
  assert.equal(code, 0, output);
  assert.match(output, /^X-Spam-Action: add header\r?$/m);
  assert.ok(output.includes("hello"));
});

test("stat, counters and uptime", async () => {
  const stat = await rspamc(gateway.controller, ["-P", "secret", "stat"]);
  assert.equal(stat.code, 0, stat.output);
  assert.match(stat.output, /^Messages scanned: \d+$/m);
  assert.match(stat.output, /^Messages with action add header: \d+, 100\.00%$/m);
  assert.match(stat.output, /^Total learns: 0$/m);
  const counters = await rspamc(gateway.controller, ["-P", "secret", "counters"]);
  assert.equal(counters.code, 0, counters.output);
  assert.match(counters.output, /\| R_SPF_FAIL/);
  const uptime = await rspamc(gateway.controller, ["-P", "secret", "uptime"]);
  assert.equal(uptime.code, 0, uptime.output);
  assert.match(uptime.output, /^Uptime: /m);
});

test("what changes something needs the password, and rspamc says why not", async () => {
  const refused = await rspamc(gateway.controller, ["stat_reset"]);
  assert.equal(refused.code, 1);
  assert.match(refused.output, /HTTP error: 401, Unauthorized/);
  assert.equal((await rspamc(gateway.controller, ["-P", "secret", "stat_reset"])).code, 0);
  const learning = await rspamc(gateway.controller, ["-P", "secret", "learn_spam"], mail);
  assert.match(learning.output, /HTTP error: 404, no classifier/);
});

test("a failed scan is an error for rspamc", async () => {
  const deaf = await startGateway({ deaf: true });
  const { code, output } = await rspamc(deaf.scan, [], mail);
  await deaf.close();
  assert.equal(code, 1);
  assert.match(output, /HTTP error: 503, nobody serves scan/);
});

test("a rewritten message comes back with its new body", async () => {
  const changes = { addHeaders: [], removeHeaders: [], dkimSignatures: [], body: Buffer.from("new body\r\n") };
  const rewriting = await startGateway({ answer: () => verdictOf({ changes }) });
  try {
    for (const extra of [[], ["-z"]]) {
      const { code, output } = await rspamc(rewriting.scan, ["-m", ...extra], mail);
      assert.equal(code, 0, output);
      assert.match(output, /^From: a@example\.org\r?$/m);
      assert.match(output, /^X-Spam-Action: add header\r?$/m);
      assert.match(output, /\r?\n\r?\nnew body\r?\n$/);
      assert.doesNotMatch(output, /hello/);
    }
  } finally {
    await rewriting.close();
  }
});
