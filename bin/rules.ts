// Checks of the operator's own: the files of rules.d in the configuration folder, hosted as the actor `rules` and read
// again when they change. A file that cannot be used leaves everything else as it is, and its own checks as they were.

import { basename, join } from "node:path";
import { makePlan } from "../services/coordinator/plan.ts";
import type { Actor } from "../shared/actor.ts";
import type { Check, Sections } from "../shared/check.ts";
import { stampOf } from "../shared/config/files.ts";
import type { OpenConfig } from "../shared/config/live.ts";
import type { Problem } from "../shared/config/problem.ts";
import { watchFiles } from "../shared/config/watch.ts";
import { toFault } from "../shared/fault.ts";
import { checksOf } from "./rule-check.ts";
import { importRules, problemAt, ruleFiles } from "./rule-files.ts";

export interface Rules {
  /** Its checks change while it runs. */
  readonly actor: Actor;
  /** Of the last reading. */
  readonly problems: readonly Problem[];
  /** Reads the files again when they change and lets `config` tell everybody. `onRead` hears of each reading. */
  follow(config: OpenConfig, onRead: (problems: readonly Problem[]) => void): { close(): void };
}

/** One reading: the checks of each file that is used. */
type RuleSet = ReadonlyMap<string, readonly Check[]>;

/**
 * Reads rules.d below `configFolder`. `others` are all other actors; `sections` are those of all services, to which the
 * sections of rules are added.
 */
export async function openRules(
  configFolder: string,
  others: readonly Actor[],
  sections: Record<string, Sections[string]>,
): Promise<Rules> {
  const folder = join(configFolder, "rules.d");
  const ownSections = new Set(Object.keys(sections));
  let used: RuleSet = new Map();
  let checks: readonly Check[] = [];
  let problems: readonly Problem[] = [];
  let revision = 0;
  let stamps: ReadonlyMap<string, string> = new Map();

  function use(next: RuleSet): void {
    used = next;
    checks = [...next.values()].flat();
    for (const name of Object.keys(sections)) if (!ownSections.has(name)) delete sections[name];
    Object.assign(sections, sectionsOf(checks));
  }

  /** Imports every file and puts together what can be used beside the others. */
  async function read(): Promise<RuleSet> {
    revision += 1;
    const listed = ruleFiles(folder);
    const files = isProblem(listed) ? [] : listed;
    stamps = new Map([folder, ...files].map((path) => [path, stampOf(path)]));
    if (isProblem(listed)) {
      problems = [listed];
      return used;
    }
    const found: Problem[] = [];
    const next = new Map<string, readonly Check[]>();
    for (const file of files) {
      const loaded = await importRules(file, revision);
      const fresh = isProblem(loaded) ? loaded : fits(checksOf(loaded), next);
      if (Array.isArray(fresh)) {
        next.set(file, fresh);
        continue;
      }
      found.push(
        isProblem(fresh) ? fresh : problemAt(file, 1, `${basename(file)} is not used. ${(fresh as Error).message}`),
      );
      const before = fits(used.get(file) ?? [], next);
      if (!(before instanceof Error) && before.length > 0) next.set(file, before);
    }
    problems = found;
    return next;
  }

  function fits(fresh: readonly Check[] | Error, accepted: RuleSet): readonly Check[] | Error {
    if (fresh instanceof Error) return fresh;
    return wrongTogether(fresh, [...accepted.values()].flat(), others, ownSections) ?? fresh;
  }

  use(await read());
  return {
    actor: {
      name: "rules",
      about: "Checks of the operator's own: the files of rules.d.",
      get checks() {
        return checks;
      },
      get config() {
        return sectionsOf(checks);
      },
      slots: 16,
      deadline: 3_000,
      reaches: [],
    },
    get problems() {
      return problems;
    },
    follow(config, onRead) {
      let reading: Promise<void> | undefined;
      let again = false;
      let waiting = false;

      async function change(): Promise<void> {
        const before = used;
        use(await read());
        onRead(problems);
        // Composites, scores and settings see other symbols now; what they say must still be right.
        waiting = !config.reload(true).accepted;
        if (waiting) use(before);
      }

      function changed(): void {
        again = reading !== undefined;
        reading ??= change()
          // What was in use stays.
          .catch((thrown) => onRead([problemAt(folder, 1, toFault(thrown).message)]))
          .finally(() => {
            reading = undefined;
            watcher.follow(stamps);
            if (again) changed();
          });
      }

      const watcher = watchFiles(stamps, 5_000, changed);
      // Rules that a broken configuration kept out come in when it is right again.
      const forget = config.onChange(() => {
        if (waiting && reading === undefined) changed();
      });
      return {
        close() {
          forget();
          watcher.close();
        },
      };
    },
  };
}

function isProblem(loaded: object): loaded is Problem {
  return "severity" in loaded && "line" in loaded;
}

function sectionsOf(checks: readonly Check[]): Sections {
  return Object.assign({}, ...checks.map(({ config }) => config));
}

/** Why checks cannot be used beside those that are there: names that are taken, needs that nobody meets. */
function wrongTogether(
  fresh: readonly Check[],
  accepted: readonly Check[],
  others: readonly Actor[],
  sections: ReadonlySet<string>,
): Error | undefined {
  const known = [...others.flatMap(({ checks }) => checks), ...accepted];
  const owners = new Map(
    known.flatMap((check) => [check.name, ...Object.keys(check.symbols)].map((name) => [name, check.name])),
  );
  for (const check of fresh) {
    for (const name of new Set([check.name, ...Object.keys(check.symbols)])) {
      const owner = owners.get(name);
      if (owner !== undefined) return new Error(`${check.name}: the name ${name} belongs to ${owner}`);
      owners.set(name, check.name);
    }
    const taken = Object.keys(check.config).find((name) => sections.has(name));
    if (taken !== undefined) return new Error(`${check.name}: the section ${taken} belongs to Sluice`);
  }
  const names = new Set([...known, ...fresh].map(({ name }) => name));
  for (const { name, needs } of fresh) {
    const missing = needs.find((need) => !names.has(need));
    if (missing !== undefined) return new Error(`${name} needs ${missing}, which does not exist`);
  }
  try {
    const actor = {
      name: "rules",
      about: "",
      checks: [...accepted, ...fresh],
      config: {},
      slots: 1,
      deadline: 1,
      reaches: [],
    };
    makePlan([...others, actor], () => true);
    return undefined;
  } catch (thrown) {
    return toFault(thrown);
  }
}
