// Composites may refer to one another, by name or as members of a group. This puts each behind what it refers to, and
// refuses those that refer to themselves that way.

import type { Expression } from "../../shared/expression/expression.ts";
import { atoms } from "../../shared/expression/expression.ts";
import type { SymbolAtom } from "../../shared/expression/symbol-atom.ts";
import { Fault } from "../../shared/fault.ts";

interface Referring {
  readonly name: string;
  readonly group: string;
  readonly expression: Expression<SymbolAtom>;
}

/** Those in a circle are left out of `list`, with a fault that names the circle. A composite is no member of its own group. */
export function inOrder<Item extends Referring>(
  items: readonly Item[],
): { readonly list: readonly Item[]; readonly faults: readonly Fault[] } {
  const byName = new Map(items.map((item) => [item.name, item]));
  const byGroup = new Map<string, Item[]>();
  for (const item of items) byGroup.set(item.group, [...(byGroup.get(item.group) ?? []), item]);
  const list: Item[] = [];
  const faults: Fault[] = [];
  const done = new Set<string>();
  const path: Item[] = [];
  const circular = new Set<string>();

  const referred = (item: Item): readonly Item[] =>
    atoms(item.expression).flatMap((atom) => {
      if (atom.kind === "group") return (byGroup.get(atom.name) ?? []).filter((member) => member !== item);
      return byName.get(atom.name) ?? [];
    });

  const visit = (item: Item): void => {
    if (done.has(item.name)) return;
    const start = path.indexOf(item);
    if (start !== -1) {
      const circle = path.slice(start).map(({ name }) => name);
      for (const name of circle) circular.add(name);
      const named = [...circle, item.name].join(" refers to ");
      faults.push(new Fault("bad-config", `composites.${item.name}: composites go round in a circle: ${named}`));
      return;
    }
    path.push(item);
    for (const other of new Set(referred(item))) visit(other);
    path.pop();
    done.add(item.name);
    if (!circular.has(item.name)) list.push(item);
  };

  for (const item of items) visit(item);
  return { list, faults };
}
