import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { Gate } from "./gate.ts";

test("many share, and one alone waits for them and is waited for, also when work fails", async () => {
  const gate = new Gate();
  const seen: string[] = [];
  const work =
    (name: string, fails = false) =>
    async () => {
      seen.push(`${name}(`);
      for (let i = 0; i < 3; i++) await turn();
      seen.push(`${name})`);
      if (fails) throw new Error(name);
      return name;
    };
  const all = await Promise.allSettled([
    gate.share(work("a")),
    gate.share(work("b", true)),
    gate.alone(work("C", true)),
    gate.share(work("d")),
    gate.alone(work("E")),
    gate.share(work("f")),
  ]);
  assert.deepEqual(
    all.map((one) => (one.status === "fulfilled" ? one.value : one.reason.message)),
    ["a", "b", "C", "d", "E", "f"],
  );
  const flow = seen.join("");
  assert.match(flow, /^a\(b\(a\)b\)C\(C\)/);
  assert.match(flow, /E\(E\)/);
});
