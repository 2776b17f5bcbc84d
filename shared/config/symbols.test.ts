import assert from "node:assert/strict";
import { test } from "node:test";
import { describeProblem } from "./problem.ts";
import { findSymbols } from "./symbols.ts";
import { parseTree } from "./ucl.ts";

const text = `
group "a" { symbols {
  R_SPF_ALLOW { weight = 1 }
  ABUSE_SURBL { weight = 1 }
  R_SPF_ALOW { weight = 1 }
  MY_RULE { weight = 1 }
  MY_COMPOSITE = { weight = 1 }
} }
metric { symbol "BANANAS" { score = 1 } group "b" { symbol { R_SPF_ALLOW { score = 1 } } } }
multimap { own { symbol = MY_RULE; type = from } }
composites { MY_COMPOSITE { expression = "R_SPF_ALLOW & MY_RULE" } }
`;

test("symbols with a score are known, configured, Rspamd's, or mistyped", () => {
  const { root } = parseTree(text, "t");
  const { problems, unsupported } = findSymbols(root, new Set(["R_SPF_ALLOW"]), () => false);
  assert.deepEqual(problems.map(describeProblem), [
    "t:5: warning: nothing raises the symbol R_SPF_ALOW (nearest: R_SPF_ALLOW)",
    "t:9: warning: nothing raises the symbol BANANAS",
  ]);
  assert.deepEqual(unsupported, [{ name: "symbol ABUSE_SURBL", file: "t", line: 4 }]);
});

test("what a package brings is unsupported at most", () => {
  const { root } = parseTree(text, "t");
  const { problems, unsupported } = findSymbols(root, new Set(["R_SPF_ALLOW"]), () => true);
  assert.deepEqual(problems, []);
  assert.deepEqual(
    unsupported.map(({ name }) => name),
    ["symbol ABUSE_SURBL", "symbol R_SPF_ALOW", "symbol BANANAS"],
  );
});

test("symbols that settings, composites and forced actions name", () => {
  const rules = `
composites {
  SUM { expression = "(R_SPF_ALLOW & ~R_SPF_ALOW) | SUM2[x] | g:nothing" }
  SUM2 { expression = "FORCE_ACTION_DROP & BANANAS" }
}
force_actions { rules { DROP { action = reject; expression = "SUM & !R_SPF_ALLO" } } }
settings { own { apply {
  symbols_disabled = ["R_SPF_ALLOWED", "MY_MARK"]; symbols = ["MY_MARK"];
  scores { MY_MARK = 1; ABUSE_SURBL = 2 }
  CHERRIES = 5; subject = "PLUMS";
} } }
`;
  const { root } = parseTree(rules, "t");
  const { problems, unsupported } = findSymbols(root, new Set(["R_SPF_ALLOW"]), () => false);
  assert.deepEqual(problems.map(describeProblem), [
    "t:3: warning: nothing raises the symbol R_SPF_ALOW (nearest: R_SPF_ALLOW)",
    "t:4: warning: nothing raises the symbol BANANAS",
    "t:6: warning: nothing raises the symbol R_SPF_ALLO (nearest: R_SPF_ALLOW)",
    "t:8: warning: nothing raises the symbol R_SPF_ALLOWED (nearest: R_SPF_ALLOW)",
    "t:10: warning: nothing raises the symbol CHERRIES",
  ]);
  assert.deepEqual(unsupported, [{ name: "symbol ABUSE_SURBL", file: "t", line: 9 }]);
});
