import { parseArgs } from "node:util";
import { withConfigured } from "../../shared/configured.ts";
import type { Command } from "../command.ts";
import { readConfig } from "../place.ts";

const help = `sluice symbols [NAME...] [OPTIONS]

Prints every symbol: its score, group, the actor and check that raise it, and what raises it. With names (or parts of
names) only these. Those that the configuration names are among them, with the scores of their declaration. Where
BAYES_SPAM or BAYES_HAM has an opinion, rules of style count half: group "headers" { when_taught = 0.5; }

  --config DIR      default: /etc/sluice when it is there
  --json            for programs
  --markdown        as a table

Exit codes: 0 printed, 1 no such symbol.`;

interface Row {
  readonly symbol: string;
  readonly score: number;
  readonly group: string;
  readonly actor: string;
  readonly check: string;
  readonly about: string;
}

async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { config: { type: "string" }, json: { type: "boolean" }, markdown: { type: "boolean" } },
  });
  const { services, config } = await readConfig(values);
  const wanted = positionals.map((name) => name.toUpperCase());
  const rows: Row[] = withConfigured(services.actors, config).flatMap((actor) =>
    actor.checks.flatMap((check) =>
      Object.entries(check.symbols).map(([symbol, { score, about, group = check.group }]) => ({
        symbol,
        score,
        group,
        actor: actor.name,
        check: check.name,
        about,
      })),
    ),
  );
  const shown = rows
    .filter(({ symbol }) => wanted.length === 0 || wanted.some((name) => symbol.includes(name)))
    .sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
  if (shown.length === 0) {
    console.error(`sluice: no symbol is called ${wanted.join(" or ")}`);
    return 1;
  }
  if (values.json) console.log(JSON.stringify(shown, null, 2));
  else if (values.markdown) console.log(markdown(shown));
  else for (const row of shown) console.log(line(row));
  return 0;
}

function line({ symbol, score, group, actor, check, about }: Row): string {
  return `${symbol.padEnd(30)} ${String(score).padStart(5)}  ${group.padEnd(12)} ${`${actor}/${check}`.padEnd(30)} ${about}`;
}

function markdown(rows: readonly Row[]): string {
  const lines = rows.map(
    ({ symbol, score, group, actor, check, about }) =>
      `| ${symbol} | ${score} | ${group} | ${actor} | ${check} | ${about.replaceAll("|", "\\|")} |`,
  );
  return [
    "| symbol | score | group | actor | check | raised when |",
    "| --- | --: | --- | --- | --- | --- |",
    ...lines,
  ].join("\n");
}

const symbols: Command = { about: "print every symbol: score, group, what raises it", help, run };
export default symbols;
