// Prints the symbols that there are with the configuration, and who raises them.

import { parseArgs } from "node:util";
import { config as coordinatorConfig } from "../../services/coordinator/config.ts";
import { knownSymbols } from "../../services/coordinator/known-symbols.ts";
import { makePolicy } from "../../services/coordinator/policy.ts";
import { withConfigured } from "../../shared/configured.ts";
import type { KnownSymbol } from "../../shared/scan.ts";
import type { Command } from "../command.ts";
import { readConfig } from "../place.ts";

const help = `sluice symbols [NAME...] [OPTIONS]

Prints every symbol: its score, group, the actor and check that raise it, and what raises it; of composites, which the
coordinator makes of other symbols, the expression. With names (or parts of names) only these. Scores and groups are those
of the configuration. Where BAYES_SPAM or BAYES_HAM has an opinion, rules of style count half:
group "headers" { when_taught = 0.5; }

  --config DIR      default: /etc/sluice when it is there
  --json            for programs
  --markdown        as a table

Exit codes: 0 printed, 1 no such symbol.`;

async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { config: { type: "string" }, json: { type: "boolean" }, markdown: { type: "boolean" } },
  });
  const { services, config } = await readConfig(values);
  const wanted = positionals.map((name) => name.toUpperCase());
  const actors = withConfigured(services.actors, config);
  const policy = makePolicy(actors, config.get(coordinatorConfig));
  const shown = knownSymbols(actors, policy, config.get(coordinatorConfig)).filter(
    ({ symbol }) => wanted.length === 0 || wanted.some((name) => symbol.includes(name)),
  );
  if (shown.length === 0) {
    console.error(`sluice: no symbol is called ${wanted.join(" or ")}`);
    return 1;
  }
  if (values.json) console.log(JSON.stringify(shown, null, 2));
  else if (values.markdown) console.log(markdown(shown));
  else for (const row of shown) console.log(line(row));
  return 0;
}

/** Who raises it, and when. */
function origin({ actor, check, expression, about }: KnownSymbol): readonly [by: string, when: string] {
  if (expression === undefined) return [check === undefined ? actor : `${actor}/${check}`, about];
  return [`${actor}/composite`, about === expression ? expression : `${about} ${expression}`];
}

function line(known: KnownSymbol): string {
  const [by, when] = origin(known);
  const score = String(known.score).padStart(5);
  return `${known.symbol.padEnd(30)} ${score}  ${known.group.padEnd(12)} ${by.padEnd(30)} ${when}`;
}

function markdown(rows: readonly KnownSymbol[]): string {
  const lines = rows.map((known) => {
    const [by, when] = origin(known);
    return `| ${known.symbol} | ${known.score} | ${known.group} | ${by} | ${when.replaceAll("|", "\\|")} |`;
  });
  return ["| symbol | score | group | raised by | raised when |", "| --- | --: | --- | --- | --- |", ...lines].join(
    "\n",
  );
}

const symbols: Command = { about: "print every symbol: score, group, what raises it", help, run };
export default symbols;
