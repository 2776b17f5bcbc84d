import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { Turns } from "./turns.ts";

test("work on one key is done one after the other, on others side by side", async () => {
  const turns = new Turns();
  const seen: string[] = [];
  const work = (name: string) => async () => {
    seen.push(`${name} begins`);
    await turn();
    seen.push(`${name} ends`);
    return name;
  };
  const all = [turns.take("a", work("a1")), turns.take("a", work("a2")), turns.take("b", work("b1"))];
  assert.deepEqual(await Promise.all(all), ["a1", "a2", "b1"]);
  assert.deepEqual(seen, ["a1 begins", "b1 begins", "a1 ends", "b1 ends", "a2 begins", "a2 ends"].sort(byTurn(seen)));
  assert.ok(seen.indexOf("a2 begins") > seen.indexOf("a1 ends"));
  assert.ok(seen.indexOf("b1 begins") < seen.indexOf("a1 ends"));
});

/** Sorts as they were seen: which of two keys comes first is no promise. */
function byTurn(seen: readonly string[]) {
  return (a: string, b: string) => seen.indexOf(a) - seen.indexOf(b);
}

test("work that fails does not keep the next from its turn", async () => {
  const turns = new Turns();
  const failing = turns.take("a", () => Promise.reject(new Error("no")));
  const next = turns.take("a", async () => "done");
  await assert.rejects(failing, /no/);
  assert.equal(await next, "done");
});
