// Tells operators what their configuration says and what is wrong with it, without a running filter.

import { parseArgs } from "node:util";
import { dumpJson, dumpText, isAt } from "../../shared/config/dump.ts";
import { type Loaded, load } from "../../shared/config/load.ts";
import { problemOf } from "../../shared/config/parser.ts";
import { describeProblem, hasErrors, type Problem, place, type Unsupported } from "../../shared/config/problem.ts";
import { Fault } from "../../shared/fault.ts";
import { mapProblems } from "../../shared/map/source.ts";
import type { Command } from "../command.ts";
import { configFolder } from "../folders.ts";
import { oddSettings } from "../odd-settings.ts";
import { declaredSymbols, loadServices, validateWith } from "../services.ts";

const help = `sluice config check [OPTIONS]              is the configuration right?
sluice config dump [NAME...] [OPTIONS]      every value and where it comes from; NAME: options, options.dns

  --config DIR      default: /etc/sluice when it is there
  --set KEY=VALUE   as for 'sluice serve'; may be repeated
  --actors DIR      as for 'sluice serve'; may be repeated
  --json            for programs
  --secrets         dump: show passwords too
  --about           dump: say what each value means

check prints each error and warning with file and line, and what Rspamd knows and Sluice does not support yet.
Exit codes: 0 right (there may be warnings), 1 dump: nothing has this name, 64 wrong usage, 78 errors.`;

async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      config: { type: "string" },
      set: { type: "string", multiple: true },
      actors: { type: "string", multiple: true },
      json: { type: "boolean" },
      secrets: { type: "boolean" },
      about: { type: "boolean" },
    },
  });
  const [what, ...names] = positionals;
  if (what !== "check" && what !== "dump") {
    console.error(help);
    return 64;
  }
  if (what === "check" && names.length > 0) {
    console.error(`sluice: config check takes no ${names[0]}; name a folder with --config`);
    return 64;
  }
  const folder = configFolder(values.config);
  const services = await loadServices(values.actors, folder);
  const loaded = load({
    folder,
    sections: services.sections,
    symbols: declaredSymbols(services),
    validate: validateWith(services),
    warn: oddSettings,
    overrides: values.set,
  });
  const problems = [...loaded.problems, ...(services.rules?.problems ?? [])];
  if (what === "check") {
    return check({ ...loaded, problems: [...problems, ...inMaps(loaded)] }, values.json === true);
  }
  const isKnown = (name: string) =>
    services.sections[name] !== undefined || loaded.traces.some((trace) => isAt(trace, name));
  const unknown = names.find((name) => !isKnown(name));
  if (unknown !== undefined) {
    console.error(
      `sluice: nothing is called "${unknown}". Sections: ${Object.keys(services.sections).sort().join(", ")}.`,
    );
    return 1;
  }
  const { secrets = false, about = false } = values;
  const options = { ...(names.length > 0 ? { names } : {}), secrets, about };
  console.log(values.json ? dumpJson(loaded, options) : dumpText(loaded, options).trimEnd());
  return hasErrors(loaded.problems) ? 78 : 0;
}

/** A service reads the files of maps when it needs them, and does with what it can read. */
function inMaps({ values }: Loaded): Problem[] {
  return mapProblems(values).map((text) => ({
    ...problemOf(new Fault("bad-config", text), "maps"),
    severity: "warning",
  }));
}

function check(loaded: Loaded, json: boolean): number {
  const { problems, unsupported } = loaded;
  if (json) {
    console.log(JSON.stringify({ problems, unsupported }, null, 2));
    return problems.some(({ severity }) => severity === "error") ? 78 : 0;
  }
  for (const problem of problems) console.log(describeProblem(problem));
  // What somebody wrote on purpose is not to drown in what every installation of Rspamd has.
  const own = unsupported.filter(({ file }) => !loaded.packaged(file));
  list("Not supported yet, without effect", own);
  list(
    "The same of files that come with Rspamd",
    unsupported.filter(({ file }) => loaded.packaged(file)),
  );
  const errors = problems.filter(({ severity }) => severity === "error").length;
  console.log(`${errors} errors, ${problems.length - errors} warnings, ${unsupported.length} not supported yet`);
  return errors > 0 ? 78 : 0;
}

function list(about: string, unsupported: readonly Unsupported[]): void {
  if (unsupported.length === 0) return;
  console.log(`${about} (${unsupported.length}):`);
  for (const one of unsupported) console.log(`  ${one.name}  ${place(one)}`);
}

const config: Command = { about: "check the configuration, or print it with origins", help, run };
export default config;
