// X-Spamd-Result: score and symbols in one header, for postmasters, and X-Rspamd-Pre-Result beside it.

import type { SectionValue } from "../../../shared/config/schema.ts";
import { section } from "../../../shared/config/schema.ts";
import type { SymbolResult } from "../../../shared/verdict.ts";
import { fieldOfParts, printable } from "./field.ts";
import type { HeaderChanges, Outcome } from "./routine.ts";
import { headerKeys, headerName, replacing } from "./routine.ts";

/** Characters of a line within a header, and of one option. */
const lineLength = 76;
const optionLength = 256;

export const resultOptions = section("Score and symbols; what decided where it was not the score.", {
  ...headerKeys("X-Spamd-Result"),
  pre_result_header: headerName("X-Rspamd-Pre-Result", "Header for the check or rule that decided."),
});

export function result(options: SectionValue<typeof resultOptions>, outcome: Outcome): HeaderChanges {
  const { action, score, required, symbols, decidedBy, message } = outcome;
  const verdict = action === "reject" ? "True" : "False";
  const lines = symbols.toSorted(byWeight).flatMap(symbolLines);
  const head = `default: ${verdict} [${score.toFixed(2)} / ${required.toFixed(2)}]`;
  const all = [head, ...lines].map((line, index, { length }) =>
    index < length - 1 && !line.endsWith(",") ? `${line};` : line,
  );
  const shown = replacing(options, [fieldOfParts(options.header, all)]);
  if (decidedBy === undefined) return shown;
  const parts = [`action=${action};`, `module=${decidedBy};`, message ?? ""].filter((part) => part !== "");
  return { ...shown, addHeaders: [...shown.addHeaders, fieldOfParts(options.pre_result_header, parts)] };
}

/** The heaviest first, good or bad; equal ones by name. */
function byWeight(a: SymbolResult, b: SymbolResult): number {
  return Math.abs(b.score) - Math.abs(a.score) || (a.name < b.name ? -1 : 1);
}

/** "NAME(1.50)[option,option]", on several lines where the options are many. A line that goes on ends with a comma. */
function symbolLines({ name, score, options }: SymbolResult): readonly string[] {
  const lines: string[] = [];
  let line = `${name}(${score.toFixed(2)})[`;
  options.forEach((option, index) => {
    const isLast = index === options.length - 1;
    const written = `${printable(option).slice(0, optionLength)}${isLast ? "" : ","}`;
    if (index > 0 && line.length + written.length > lineLength) {
      lines.push(line);
      line = written;
    } else line += written;
  });
  return [...lines, `${line}]`];
}
