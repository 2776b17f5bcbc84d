// The section `composites`: symbols that are made of other symbols.

import type { FieldValue } from "../../shared/config/schema.ts";
import { choice, flag, number, section, table, text } from "../../shared/config/schema.ts";

/** What becomes of the symbols that a composite is made of, where their prefix does not say otherwise. */
export const policies = ["default", "remove_all", "remove_weight", "remove_symbol", "leave"] as const;
export type Policy = (typeof policies)[number];

const composite = section("One composite; its key is its name.", {
  expression: text(
    "",
    "Symbols, g:group, g+:group, g-:group, other composites; and, or, not, ( ), comparisons, + - * /.",
  ),
  score: number(0, "Added to the score of a message for which the expression holds."),
  group: text("composite", "Group of the composite's own symbol."),
  policy: choice(policies, "default", "What to take away of the symbols it is made of. default is remove_all."),
  description: text("", "What it means, in one line for a postmaster."),
  enabled: flag(true, "no: as if it were not there."),
});

export type CompositeConfig = FieldValue<typeof composite>;

export const compositesConfig = {
  composites: table(composite, {}, "Symbols that are made of other symbols."),
};
