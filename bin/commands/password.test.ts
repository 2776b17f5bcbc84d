import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { test } from "node:test";
import { matches, parsePassword } from "../../services/http/passwords.ts";

const program = resolve(import.meta.dirname, "../sluice");

function run(args: readonly string[], input: string) {
  return spawnSync(program, ["password", ...args], { input, encoding: "utf8" });
}

test("the first line of standard input becomes a hash that the gateway takes", async () => {
  const { status, stdout } = run([], "correct horse\nsecond line\n");
  assert.equal(status, 0);
  const password = parsePassword(stdout.trimEnd());
  assert.ok(!(password instanceof Error));
  assert.equal(await matches(password, "correct horse"), true);
  assert.equal(await matches(password, "second line"), false);
});

test("no password, a longer one than the gateway reads, and one on the command line are refused", () => {
  for (const [args, input] of [
    [[], ""],
    [[], "\n"],
    [[], "x".repeat(1025)],
    [["secret"], "x\n"],
  ] as const) {
    const { status, stdout, stderr } = run(args, input);
    assert.deepEqual([status, stdout], [64, ""]);
    assert.match(stderr, /^sluice password: /);
    assert.doesNotMatch(stderr, /secret|xx/);
  }
});
