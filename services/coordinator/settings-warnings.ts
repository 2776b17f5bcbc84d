// What is odd about settings in the light of other sections: for `sluice config check`.

import type { SettingsRule } from "./settings-rule.ts";
import type { Actions } from "./thresholds.ts";

type Rules = Readonly<Record<string, SettingsRule>>;

/** Thresholds above `reject` once a rule has changed some: mail from there on gets the weaker action. Each begins with the key. */
export function orderWarnings(rules: Rules, actions: Actions): readonly string[] {
  return Object.entries(rules).flatMap(([rule, { enabled, apply }]) => {
    if (!enabled || Object.keys(apply.actions).length === 0) return [];
    const thresholds = new Map(actions.rules.map(({ name, threshold }) => [name, threshold]));
    for (const [name, threshold] of Object.entries(apply.actions)) thresholds.set(name, threshold);
    const reject = thresholds.get("reject") ?? null;
    return [...thresholds].flatMap(([name, threshold]) => {
      if (reject === null || threshold === null || threshold <= reject) return [];
      // What the section `actions` has in this order is said there.
      if (!("reject" in apply.actions) && !(name in apply.actions)) return [];
      return [
        `settings.${rule}.apply.actions: has reject at ${reject} below ${name}: mail from ${threshold} on is not rejected`,
      ];
    });
  });
}

/** Why no rule has an id, or undefined when one has. `key` names where the id stands. */
export function idWarning(key: string, id: string, rules: Rules): string | undefined {
  if (id === "") return undefined;
  const named = Object.entries(rules).filter(([name, rule]) => name === id || rule.id === id);
  if (named.some(([, { enabled }]) => enabled)) return undefined;
  const why = named.length > 0 ? "are switched off" : "are not in the section settings";
  return `${key}: the settings ${JSON.stringify(id)} ${why}: all mail is scanned without them`;
}
