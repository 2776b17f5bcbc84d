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
  const found = namesOf(options.symbols, symbols);
  if (found) {
    const status = options.status_infected === "" ? "" : `${options.status_infected}, `;
    return replacing(options, [field(options.header, `${status}${found}`)]);
  }
  const failed = namesOf(options.symbols_fail, symbols);
  const failure = options.status_fail === "" ? "" : `${options.status_fail}(${failed})`;
  const value = failed === undefined ? options.status_clean : failure;
  return replacing(options, value === "" ? [] : [field(options.header, value)]);
}

/** "Name,Name": options of those symbols that are there, "unknown" for one without; undefined when none is there. */
function namesOf(names: readonly string[], symbols: readonly SymbolResult[]): string | undefined {
  const present = symbols.filter(({ name }) => names.includes(name));
  if (present.length === 0) return undefined;
  return present.flatMap(({ options }) => (options.length > 0 ? options : ["unknown"])).join(",");
}
