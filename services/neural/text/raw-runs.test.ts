import assert from "node:assert/strict";
import { test } from "node:test";
import { analyse } from "../../../shared/message/analyse.ts";
import { addRawRuns } from "./raw-runs.ts";
import { TermSet } from "./term-set.ts";

function runsOf(mail: string): readonly number[] {
  const terms = new TermSet();
  addRawRuns(analyse(Buffer.from(mail, "latin1")), terms);
  return [...terms.items.subarray(0, terms.size)].sort((a, b) => a - b);
}

const head = "From: a@x.example\nX-Mailer: The Mailer 1.0\nContent-Type: multipart/mixed;\n\tboundary=b\n";
const body = "--b\nContent-Type: text/html\n\n<P align=center>hello</P>\n--b--\n";
const plain = runsOf(`${head}\n${body}`);

test("the make of head and body is seen, not only their words", () => {
  assert.ok(plain.length > 20);
  assert.notDeepEqual(runsOf(`${head.replace("X-Mailer: The", "X-Mailer:The")}\n${body}`), plain);
  assert.notDeepEqual(runsOf(`${head}\n${body.replace("<P align", "<p ALIGN")}`), plain);
});

test("what delivery adds, when it came, to whom, and line ends make no difference", () => {
  const added = "Received: from a (b [192.0.2.1]) by c; Thu, 15 Jan 2026 12:00:00 +0000\nX-Spam-Status: Yes\n";
  const passing = "Date: Thu, 15 Jan 2026 12:00:00 +0000\nTo: b@y.example\nMessage-ID: <1@x.example>\n";
  assert.deepEqual(runsOf(`${added}${passing}${head}\n${body}`), plain);
  assert.deepEqual(runsOf(`${head}\n${body}`.replaceAll("\n", "\r\n")), plain);
});

test("long heads and bodies are cut", () => {
  const long = runsOf(`X-Long: ${"abcdefgh".repeat(50_000)}\n\n${"ijklmnop".repeat(50_000)}`);
  assert.ok(long.length < 20, `${long.length} runs`);
});
