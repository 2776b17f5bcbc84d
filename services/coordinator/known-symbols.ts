// Every symbol that a verdict can have, with what raises it and what it counts as configured.

import type { Actor } from "../../shared/actor.ts";
import type { ConfigOf } from "../../shared/check.ts";
import type { KnownSymbol } from "../../shared/scan.ts";
import type { config } from "./config.ts";
import { ownSymbols } from "./own-symbols.ts";
import type { Policy } from "./policy.ts";

/** In the order of their names. `values` is what `policy` was made of. */
export function knownSymbols(
  actors: readonly Actor[],
  { weights, composites }: Policy,
  values: Pick<ConfigOf<typeof config>, "composites">,
): readonly KnownSymbol[] {
  const configured = (symbol: string) => {
    const { score, groups, about } = weights.of(symbol);
    return { symbol, score, group: groups[0] ?? "", about };
  };
  const raised = actors.flatMap((actor) =>
    actor.checks.flatMap((check) =>
      Object.keys(check.symbols).map((name) => ({ ...configured(name), actor: actor.name, check: check.name })),
    ),
  );
  const made = composites.list.map(({ name }) => {
    return { ...configured(name), actor: "coordinator", expression: values.composites[name]?.expression ?? "" };
  });
  const own = [...ownSymbols.keys()].map((name) => ({ ...configured(name), actor: "coordinator" }));
  return [...raised, ...made, ...own].sort((one, other) => (one.symbol < other.symbol ? -1 : 1));
}
