// The section `composites`: symbols that are made of other symbols.

import type { FieldValue } from "../../shared/config/schema.ts";
import { choice, flag, number, openSection, section, text } from "../../shared/config/schema.ts";
import { type DefaultComposite, defaultComposites } from "./default-composites.ts";

/** What becomes of the symbols that a composite is made of, where their prefix does not say otherwise. */
export const policies = ["default", "remove_all", "remove_weight", "remove_symbol", "leave"] as const;
export type Policy = (typeof policies)[number];

const unset: DefaultComposite = { expression: "", description: "" };

/** One composite. What a file does not say about one of ours is as ours has it. */
function composite({ expression, score = 0, group = "composite", policy = "default", description }: DefaultComposite) {
  return section(description || "One composite; its key is its name.", {
    expression: text(
      expression,
      "Symbols, g:group, g+:group, g-:group, other composites; and, or, not, ( ), comparisons, + - * /.",
    ),
    score: number(score, "Added to the score of a message for which the expression holds."),
    group: text(group, "Group of the composite's own symbol."),
    policy: choice(policies, policy, "What to take away of the symbols it is made of. default is remove_all."),
    description: text(description, "What it means, in one line for a postmaster."),
    enabled: flag(true, "no: as if it were not there."),
  });
}

export type CompositeConfig = FieldValue<ReturnType<typeof composite>>;

export const compositesConfig = {
  composites: openSection(
    "Symbols that are made of other symbols.",
    Object.fromEntries(Object.entries(defaultComposites).map(([name, known]) => [name, composite(known)])),
    composite(unset),
  ),
};
