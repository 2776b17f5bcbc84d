import assert from "node:assert/strict";
import { test } from "node:test";
import type { Hit, Stage } from "../../shared/check.ts";
import { configOf } from "../../shared/config/live.ts";
import type { Composites, DeclaredSymbol } from "./composites.ts";
import { applyComposites, compileComposites } from "./composites.ts";
import type { CompositeConfig } from "./composites-config.ts";
import { compositesConfig } from "./composites-config.ts";
import { defaultComposites } from "./default-composites.ts";

/** Symbols of checks: name, stage, group, score. */
const known: readonly (readonly [string, Stage, string, number])[] = [
  ["A", "filter", "letters", 1],
  ["B", "filter", "letters", -1],
  ["C", "filter", "letters", 0],
  ["D", "filter", "", 2],
  ["BAYES_SPAM", "classify", "statistics", 5],
  ["GREYLIST", "post", "greylist", 0],
  ["HISTORY", "idle", "", 0],
];

const declared: readonly DeclaredSymbol[] = known.map(([name, stage, group]) => ({
  name,
  stage,
  groups: group === "" ? [] : [group],
}));

function standing(symbol: string): { score: number; groups: readonly string[] } {
  const found = known.find(([name]) => name === symbol);
  return { score: found?.[3] ?? 0, groups: found && found[2] !== "" ? [found[2]] : [] };
}

type Short = Partial<CompositeConfig> & { readonly expression: string };
const defaults: CompositeConfig = {
  expression: "",
  score: 1,
  group: "composite",
  policy: "default",
  description: "",
  enabled: true,
};

function compiled(shorts: Readonly<Record<string, string | Short>>) {
  const configs = Object.entries(shorts).map(
    ([name, short]) => [name, { ...defaults, ...(typeof short === "string" ? { expression: short } : short) }] as const,
  );
  return compileComposites(Object.fromEntries(configs), declared);
}

function composites(shorts: Readonly<Record<string, string | Short>>): Composites {
  const { composites, faults } = compiled(shorts);
  assert.deepEqual(faults, []);
  return composites;
}

function hits(text: string): readonly Hit[] {
  return text === "" ? [] : text.split(" ").map((symbol) => ({ symbol }));
}

/** What a pass over the symbols of `text` adds, hides and takes the weight of. */
function applied(shorts: Readonly<Record<string, string | Short>>, text: string, pass: 1 | 2 = 1) {
  const { added, hidden, weightless } = applyComposites(composites(shorts), pass, hits(text), standing);
  return {
    added: added.map((hit) => hit.symbol).join(" "),
    hidden: [...hidden].sort().join(" "),
    weightless: [...weightless].sort().join(" "),
  };
}

test("a composite takes the place of the symbols it is made of", () => {
  assert.deepEqual(applied({ X: "A & B" }, "A B C"), { added: "X", hidden: "A B", weightless: "A B" });
  assert.deepEqual(applied({ X: "A & B" }, "A C"), { added: "", hidden: "", weightless: "" });
});

test("every symbol of a true composite is voted on, also where it was not needed", () => {
  assert.deepEqual(applied({ X: "A | B" }, "A B"), { added: "X", hidden: "A B", weightless: "A B" });
});

test("a symbol below a negation stays", () => {
  assert.deepEqual(applied({ X: "!A | B" }, "A B"), { added: "X", hidden: "B", weightless: "B" });
  assert.deepEqual(applied({ X: "!A" }, ""), { added: "X", hidden: "", weightless: "" });
});

const policies: readonly (readonly [CompositeConfig["policy"], string, string])[] = [
  ["default", "A", "A"],
  ["remove_all", "A", "A"],
  ["remove_weight", "", "A"],
  ["remove_symbol", "A", ""],
  ["leave", "", ""],
];

for (const [policy, hidden, weightless] of policies) {
  test(`policy ${policy}`, () => {
    assert.deepEqual(applied({ X: { expression: "A", policy } }, "A"), { added: "X", hidden, weightless });
  });
}

const prefixes: readonly (readonly [CompositeConfig["policy"], string, string])[] = [
  ["default", "C D", "A C D"],
  ["remove_weight", "C", "A C D"],
  ["remove_symbol", "C D", "C"],
  ["leave", "C", "C"],
];

for (const [policy, hidden, weightless] of prefixes) {
  test(`prefixes spare what the policy ${policy} takes, and ^ takes all`, () => {
    const shorts = { X: { expression: "~A & -B & ^C & D", policy } };
    assert.deepEqual(applied(shorts, "A B C D"), { added: "X", hidden, weightless });
  });
}

test("a symbol goes only when all votes want it gone", () => {
  const expected = { added: "X Y", hidden: "", weightless: "" };
  assert.deepEqual(applied({ X: "A", Y: "-A" }, "A"), expected);
  assert.deepEqual(applied({ Y: "-A", X: "A" }, "A"), { ...expected, added: "Y X" });
  assert.deepEqual(applied({ X: "A", Y: "~A" }, "A"), { added: "X Y", hidden: "", weightless: "A" });
  const mixed = { X: { expression: "A", policy: "remove_symbol" as const }, Y: "~A" };
  assert.deepEqual(applied(mixed, "A"), { added: "X Y", hidden: "", weightless: "" });
});

test("a forced vote wins, in whatever order", () => {
  for (const shorts of [
    { X: "^A", Y: "-A" },
    { X: "-A", Y: "^A" },
  ]) {
    assert.deepEqual(applied(shorts, "A"), { added: "X Y", hidden: "A", weightless: "A" });
  }
});

test("a composite that does not hold has no vote", () => {
  assert.deepEqual(applied({ X: "A", Y: "-A & D" }, "A"), { added: "X", hidden: "A", weightless: "A" });
});

test("removals come after the pass: both composites see the symbol", () => {
  assert.deepEqual(applied({ X: "A & B", Y: "A & C" }, "A B C"), {
    added: "X Y",
    hidden: "A B C",
    weightless: "A B C",
  });
});

test("composites refer to composites, defined in any order", () => {
  const shorts = { X: "Y & A", Y: "B & Z", Z: "C" };
  assert.deepEqual(applied(shorts, "A B C"), { added: "Z Y X", hidden: "A B C Y Z", weightless: "A B C Y Z" });
  assert.deepEqual(applied(shorts, "A B"), { added: "", hidden: "", weightless: "" });
});

test("groups: any member, those that score, those that are good", () => {
  assert.equal(applied({ X: "g:letters" }, "C").added, "X");
  assert.equal(applied({ X: "g+:letters" }, "C B").added, "");
  assert.deepEqual(applied({ X: "g+:letters" }, "A B C"), { added: "X", hidden: "A", weightless: "A" });
  assert.deepEqual(applied({ X: "~g-:letters & D" }, "A B D"), { added: "X", hidden: "D", weightless: "B D" });
  assert.equal(applied({ X: "!g:letters" }, "D").added, "X");
});

test("a composite is a member of its group for others, not for itself", () => {
  const shorts = { X: { expression: "D", group: "own" }, Y: { expression: "-g:own", group: "own2" } };
  assert.equal(applied(shorts, "D").added, "X Y");
  assert.equal(applied({ X: { expression: "A | g:own", group: "own" } }, "D").added, "");
});

test("counting", () => {
  assert.equal(applied({ X: "A + B + C + D > 2" }, "A B C").added, "X");
  assert.equal(applied({ X: "A + B + C + D > 2" }, "A C").added, "");
});

test("options are looked at over all hits of a symbol", () => {
  const compiledOnce = composites({ X: "A[one, /^tw/]" });
  const withOptions = (options: readonly string[]): Hit => ({ symbol: "A", options });
  const added = (...given: readonly Hit[]) => applyComposites(compiledOnce, 1, given, standing).added.length;
  assert.equal(added(withOptions(["one"]), withOptions(["two"])), 1);
  assert.equal(added(withOptions(["one"]), withOptions(["owt"])), 0);
  assert.equal(added({ symbol: "A" }), 0);
});

test("what looks at post symbols runs in the second pass, also through other composites and groups", () => {
  const shorts = { X: "GREYLIST & A", Y: "X", Z: "g:greylist", W: "BAYES_SPAM", V: "!GREYLIST" };
  const { list } = composites(shorts);
  const passes = Object.fromEntries(list.map(({ name, pass }) => [name, pass]));
  assert.deepEqual(passes, { X: 2, Y: 2, Z: 2, W: 1, V: 2 });
  assert.deepEqual(applied(shorts, "A BAYES_SPAM").added, "W");
  assert.deepEqual(applied(shorts, "A BAYES_SPAM W GREYLIST", 2).added, "X Y Z");
});

test("the second pass sees what the first one added", () => {
  const shorts = { X: "A", Y: "X & GREYLIST" };
  assert.equal(applied(shorts, "A", 1).added, "X");
  assert.equal(applied(shorts, "A X GREYLIST", 2).added, "Y");
});

test("a composite that settings switch off is not there for others either", () => {
  const compiledOnce = composites({ X: "A", Y: "X" });
  const { added } = applyComposites(compiledOnce, 1, hits("A"), standing, ({ name }) => name === "X");
  assert.deepEqual(added, []);
});

test("a composite that is disabled in configuration does not exist", () => {
  assert.equal(applied({ X: { expression: "A", enabled: false } }, "A").added, "");
});

test("circles are refused and named, the rest goes on", () => {
  const { composites, faults } = compiled({ X: "Y", Y: "A & !Z", Z: "X", W: "A", S: "S | A" });
  assert.deepEqual(
    faults.map(({ code, message }) => [code, message]),
    [
      ["bad-config", "composites.X: composites go round in a circle: X refers to Y refers to Z refers to X"],
      ["bad-config", "composites.S: composites go round in a circle: S refers to S"],
    ],
  );
  assert.deepEqual(
    composites.list.map(({ name }) => name),
    ["W"],
  );
});

test("a circle through a group is found", () => {
  const { faults } = compiled({ X: { expression: "g:own", group: "own" }, Y: { expression: "g:own", group: "own" } });
  assert.match(faults[0]?.message ?? "", /X refers to Y refers to X/);
});

test("an expression that cannot be read is reported with its place, and a name that is taken", () => {
  const { faults } = compiled({ X: "A &", A: "B" });
  assert.deepEqual(
    faults.map(({ message }) => message),
    [
      "composites.X.expression: column 4: expected an atom, but the expression ends",
      "composites.A: a check raises this symbol already",
    ],
  );
});

test("reads the section as operators write it", () => {
  const text = `composites {
    FORGED_RECIPIENTS_MAILLIST { expression = "FORGED_RECIPIENTS & -MAILLIST"; }
    BAD_REP { expression = "(~g-:policies) & (-g+:fuzzy | -g+:bayes)"; score = 0.1; policy = leave; group = "rep" }
    OFF { enabled = false }
  }`;
  const { composites: configs } = configOf(compositesConfig, text).get(compositesConfig);
  const { composites, faults } = compileComposites(configs, declared);
  assert.deepEqual(faults, []);
  const written = ["FORGED_RECIPIENTS_MAILLIST", "BAD_REP", "OFF"];
  assert.deepEqual(
    composites.list
      .filter(({ name }) => written.includes(name))
      .map(({ name, score, group, policy }) => [name, score, group, policy]),
    [
      ["FORGED_RECIPIENTS_MAILLIST", 0, "composite", "default"],
      ["BAD_REP", 0.1, "rep", "leave"],
    ],
  );
  assert.throws(() => configOf(compositesConfig, "composites { A { policy = keep } }"), /policy must be one of/);
  assert.throws(() => configOf(compositesConfig, "composites { A { expresion = B } }"), /expresion/);
});

test("ours are there without configuration, and can be changed and switched off", () => {
  const read = (text: string) => {
    const { composites: configs } = configOf(compositesConfig, text).get(compositesConfig);
    const { composites, faults } = compileComposites(configs, declared);
    assert.deepEqual(faults, []);
    return new Map(composites.list.map((composite) => [composite.name, composite]));
  };
  const plain = read("");
  assert.deepEqual([...plain.keys()].sort(), Object.keys(defaultComposites).sort());
  const { score, group, policy, affirmed } = plain.get("LEAKED_PASSWORD_SCAM") ?? assert.fail();
  assert.deepEqual([score, group, policy, affirmed.length], [7, "scams", "leave", 4]);
  const changed = read("composites { LEAKED_PASSWORD_SCAM { score = 3 } PHISH_EMOTION { enabled = no } }");
  assert.equal(changed.get("PHISH_EMOTION"), undefined);
  const mine = changed.get("LEAKED_PASSWORD_SCAM");
  assert.deepEqual([mine?.score, mine?.policy, mine?.affirmed.length], [3, "leave", 4]);
});

test("none of ours holds for a message without symbols", () => {
  const { composites: configs } = configOf(compositesConfig, "").get(compositesConfig);
  assert.deepEqual(compileComposites(configs, declared).composites.always, []);
});

test("a composite without a description shows its expression", () => {
  const abouts = (shorts: Readonly<Record<string, string | Short>>) =>
    composites(shorts).list.map(({ about }) => about);
  assert.deepEqual(abouts({ X: "A & B" }), ["A & B"]);
});
