// Checked values, handed out by sections and replaced as a whole.

import type { ConfigOf, Sections } from "../check.ts";
import { Fault } from "../fault.ts";
import type { LiveConfig } from "./live.ts";

export interface HeldValues {
  readonly config: LiveConfig;
  replace(values: Readonly<Record<string, unknown>>): void;
}

/** `first` must have been checked against `declared`. `onFailure` is told of listeners that throw. */
export function holdValues(
  declared: Sections,
  first: Readonly<Record<string, unknown>>,
  onFailure: (error: unknown) => void = () => undefined,
): HeldValues {
  let values = first;
  // One object for each set of sections that somebody asks for, as long as the values hold.
  let answers = new WeakMap<Sections, unknown>();
  const listeners = new Set<() => void>();

  function pick<S extends Sections>(sections: S): ConfigOf<S> {
    const entries = Object.entries(sections).map(([name, section]) => {
      if (declared[name] !== section) {
        throw new Fault("failed", `section ${name} was not among those that the configuration was opened with`);
      }
      return [name, values[name]];
    });
    // `values` was checked against the very same declarations.
    return Object.freeze(Object.fromEntries(entries)) as ConfigOf<S>;
  }

  return {
    config: {
      get<S extends Sections>(sections: S): ConfigOf<S> {
        const known = answers.get(sections);
        if (known !== undefined) return known as ConfigOf<S>;
        const answer = pick(sections);
        answers.set(sections, answer);
        return answer;
      },
      onChange(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    replace(next) {
      values = next;
      answers = new WeakMap();
      for (const listener of [...listeners]) {
        try {
          listener();
        } catch (error) {
          onFailure(error);
        }
      }
    },
  };
}
