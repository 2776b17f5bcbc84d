// X-Virus: what scanners found, from the options of their symbols.

import type { SectionValue } from "../../../shared/config/schema.ts";
import { list, section, text } from "../../../shared/config/schema.ts";
import type { SymbolResult } from "../../../shared/verdict.ts";
import { field } from "./field.ts";
import type { HeaderChanges, Outcome } from "./routine.ts";
import { headerKeys, replacing } from "./routine.ts";

export const virusOptions = section("Names of the viruses that scanners found.", {
  ...headerKeys("X-Virus"),
  symbols: list(text("", "A symbol."), [], "Symbols of the scanners; their options are the names."),
  symbols_fail: list(text("", "A symbol."), [], "Symbols of scanners that failed."),
  status_clean: text("", "Value for a message without a finding; empty adds no header."),
  status_infected: text("", "Word before the names."),
  status_fail: text("", "Word before the reasons why scanners failed; empty adds no header."),
});

export function virus(options: SectionValue<typeof virusOptions>, { symbols }: Outcome): HeaderChanges {
  const found = optionsOf(options.symbols, symbols);
  const failed = optionsOf(options.symbols_fail, symbols);
  if (found) return replacing(options, [field(options.header, labelled(options.status_infected, found))]);
  if (failed && options.status_fail !== "") {
    return replacing(options, [field(options.header, labelled(options.status_fail, failed))]);
  }
  return replacing(options, options.status_clean === "" ? [] : [field(options.header, options.status_clean)]);
}

/** Options of those symbols that are there, the name where a symbol has none; undefined when none is there. */
function optionsOf(names: readonly string[], symbols: readonly SymbolResult[]): string | undefined {
  const present = symbols.filter(({ name }) => names.includes(name));
  if (present.length === 0) return undefined;
  return present.flatMap(({ name, options }) => (options.length > 0 ? options : [name])).join(", ");
}

function labelled(status: string, names: string): string {
  return status === "" ? names : `${status} (${names})`;
}
