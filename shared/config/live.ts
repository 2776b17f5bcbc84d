// Configuration as the running services see it: checked values that change as a whole when files change.

import { isDeepStrictEqual } from "node:util";
import type { ConfigOf, Sections } from "../check.ts";
import { holdValues } from "./held.ts";
import { type Loaded, type LoadOptions, load } from "./load.ts";
import { configFault, hasErrors, type Problem, type Unsupported } from "./problem.ts";
import { parseTree } from "./ucl.ts";
import { validate } from "./validate.ts";
import { watchFiles } from "./watch.ts";

export interface LiveConfig {
  /** Values of these top-level sections, defaults filled in. The same object until the configuration changes. */
  get<S extends Sections>(sections: S): ConfigOf<S>;
  /** Calls back after each change that was accepted. Answers with a function that stops it. */
  onChange(listener: () => void): () => void;
}

export interface LoadedConfig {
  /** Never changes. A value that is wrong has its default. */
  readonly config: LiveConfig;
  readonly problems: readonly Problem[];
  readonly unsupported: readonly Unsupported[];
}

export interface OpenOptions extends LoadOptions {
  /** Whether to follow changes of the files. */
  readonly watch: boolean;
  /** ms between looks at the files, where the system does not tell of changes. Default 5000. */
  readonly pollEvery?: number;
  /** Told of each reading after the first: `accepted` says whether its values hold now. */
  readonly onReload?: (reload: Reload) => void;
  /** Told of a listener that threw. */
  readonly onFailure?: (error: unknown) => void;
}

export interface Reload {
  readonly accepted: boolean;
  readonly problems: readonly Problem[];
  readonly unsupported: readonly Unsupported[];
}

export interface OpenConfig extends LiveConfig {
  /** Of the newest reading, accepted or not. */
  readonly latest: Loaded;
  /** Reads everything again, as after a change of the files. `announce`: tells of it though no value changed. */
  reload(announce?: boolean): Reload;
  /** Stops watching. The values stay. */
  close(): void;
}

/** Reads a configuration once. Problems are returned, not thrown: it is for the caller to refuse errors. */
export function loadConfig(options: LoadOptions): LoadedConfig {
  const { values, problems, unsupported } = load(options);
  return { config: holdValues(options.sections, values).config, problems, unsupported };
}

/**
 * Reads a configuration and follows its files. Throws the fault `bad-config` when the first reading has errors. A later
 * reading with errors keeps the values of the one before, and `onReload` hears of it.
 */
export function openConfig(options: OpenOptions): OpenConfig {
  let latest = load(options);
  if (hasErrors(latest.problems)) throw configFault(latest.problems);
  let inUse = latest.values;
  const held = holdValues(options.sections, latest.values, options.onFailure);
  const reload = (announce = false): Reload => {
    try {
      latest = load(options);
    } catch (error) {
      // Whatever happens to the files, a running service keeps its values.
      const problem: Problem = { severity: "error", file: options.folder ?? "", line: 0, message: String(error) };
      latest = { ...latest, problems: [problem] };
    }
    watcher?.follow(latest.stamps);
    const { problems, unsupported } = latest;
    const accepted = !hasErrors(problems);
    // A touched file and an editor's leftovers in the folder change nothing.
    if (accepted && (announce || !isDeepStrictEqual(latest.values, inUse))) {
      inUse = latest.values;
      held.replace(inUse);
    }
    const answer = { accepted, problems, unsupported };
    options.onReload?.(answer);
    return answer;
  };
  const watcher = options.watch ? watchFiles(latest.stamps, options.pollEvery ?? 5000, reload) : undefined;
  return {
    ...held.config,
    get latest() {
      return latest;
    },
    reload,
    close: () => watcher?.close(),
  };
}

/** A configuration from a text, for tests. Throws the fault `bad-config` when the text has errors. */
export function configOf(sections: Sections, uclText = ""): LiveConfig {
  const { root, problems } = parseTree(uclText);
  const checked = validate(root, sections);
  const all = [...problems, ...checked.problems];
  if (hasErrors(all)) throw configFault(all);
  return holdValues(sections, checked.values).config;
}
