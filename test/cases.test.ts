// Every case of every actor, scanned by the whole system.

import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { test } from "node:test";
import { type Case, parseCases, parseMails } from "../shared/testing.ts";
import type { Verdict } from "../shared/verdict.ts";
import { startSystem } from "./system.ts";

const root = resolve(import.meta.dirname, "..");

function compare(expected: Case, verdict: Verdict): void {
  const found = new Map(verdict.symbols.map((symbol) => [symbol.name, symbol]));
  const names = [...found.keys()].join(" ");
  assert.deepEqual(verdict.failed, [], "every check answers");
  for (const { symbol, score, options } of expected.expect) {
    const hit = found.get(symbol);
    assert.ok(hit, `${symbol} is missing among ${names}`);
    if (score !== undefined) assert.equal(hit.score, score, `score of ${symbol}`);
    for (const option of options)
      assert.ok(hit.options.includes(option), `${symbol} has [${hit.options}], not ${option}`);
  }
  for (const symbol of expected.never)
    assert.ok(!found.has(symbol), `${symbol} is there [${found.get(symbol)?.options}]`);
  if (expected.action !== undefined) assert.equal(verdict.action, expected.action);
  if (expected.subject !== undefined) assert.equal(verdict.subject, expected.subject);
}

for (const file of globSync("{services/*,test}/cases/**/*.case", { cwd: root }).sort()) {
  test(file, async (t) => {
    for (const mail of parseCases(readFileSync(resolve(root, file), "utf8"), file)) {
      await t.test(mail.title, async () => {
        const system = await startSystem({ now: mail.now, config: mail.config.join("\n"), zone: mail.zone });
        try {
          for (const { label, file: mails } of mail.learn) {
            const text = readFileSync(resolve(root, dirname(file), mails), "utf8");
            for (const raw of parseMails(text)) await system.learn(label, { envelope: mail.envelope, raw });
          }
          compare(mail, await system.scan(mail));
        } finally {
          await system.close();
        }
      });
    }
  });
}
