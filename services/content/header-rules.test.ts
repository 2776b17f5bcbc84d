import assert from "node:assert/strict";
import { test } from "node:test";
import type { Context } from "../../shared/check.ts";
import { analyse } from "../../shared/message/analyse.ts";
import { defaultLimits } from "../../shared/message/limits.ts";
import { defineHeaderRules } from "./header-rules.ts";

const check = defineHeaderRules(
  { name: "CHECK_EXAMPLE", about: "Rules for this test.", group: "headers" },
  {
    THERE: { score: 1, about: "The header is there.", header: "x-one" },
    EITHER: { score: 1, about: "One of two headers has it.", header: ["x-one", "x-two"], pattern: /it$/ },
    SPELT: { score: 1, about: "The name is spelt so.", header: "x-one", of: "name", pattern: /^x-ONE$/ },
    RAW: { score: 0.5, about: "The raw value is so.", header: "x-two", of: "raw", pattern: /^it/, group: "mime" },
  },
);

function raise(mail: string): readonly string[] {
  const raised: string[] = [];
  const hit: Context<string, never, unknown>["hit"] = (symbol) => void raised.push(symbol);
  const task = {
    id: "1",
    envelope: { rcpts: [] },
    ...analyse(Buffer.from(`${mail}\r\n\r\nHello.`), defaultLimits),
    standing: { score: 0, required: 15, action: "no action", symbols: [] },
    outgoing: { authentication: "" },
  };
  check.run(task, { hit } as Context<string, never, unknown>);
  return raised;
}

test("rules see the headers that they name, and nothing else", () => {
  assert.deepEqual(raise("X-Three: it"), []);
  assert.deepEqual(raise("X-One: some"), ["THERE"]);
  assert.deepEqual(raise("X-One: this is it"), ["THERE", "EITHER"]);
  assert.deepEqual(raise("x-ONE: a"), ["THERE", "SPELT"]);
  assert.deepEqual(raise("X-Two:it"), ["EITHER", "RAW"]);
  assert.deepEqual(raise("X-Two: it"), ["EITHER"]);
});

test("each field of a name is looked at, and only its start", () => {
  assert.deepEqual(raise("X-Two: a\r\nX-Two: it"), ["EITHER"]);
  assert.deepEqual(raise(`X-Two: ${"a".repeat(5_000)} it`), []);
});

test("a table declares its symbols without its patterns", () => {
  assert.deepEqual(check.symbols.RAW, { score: 0.5, about: "The raw value is so.", group: "mime" });
  assert.deepEqual(check.symbols.THERE, { score: 1, about: "The header is there." });
});
