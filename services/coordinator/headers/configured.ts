// Headers that the operator adds or removes by name, whatever the verdict is.

import type { SectionValue } from "../../../shared/config/schema.ts";
import { custom, integer, section, table } from "../../../shared/config/schema.ts";
import { isUclObject, type Ucl } from "../../../shared/config/ucl.ts";
import { isFieldName } from "../../../shared/message/field-name.ts";
import { field } from "./field.ts";
import type { HeaderChanges } from "./routine.ts";
import { headerName, noChange } from "./routine.ts";

const which = "0 all, 1 the first, -1 the last.";

type Pair = readonly [name: string, value: string];

function readPairs(value: Ucl): readonly Pair[] | Error {
  if (!isUclObject(value)) return new Error("must be a section");
  const pairs: Pair[] = [];
  for (const [name, given] of Object.entries(value)) {
    if (!isFieldName(name)) return new Error(`has "${name}", which is no name of a header`);
    for (const item of Array.isArray(given) ? given : [given]) {
      if (typeof item !== "string" && typeof item !== "number") return new Error(`has a ${name} that is no text`);
      pairs.push([name, String(item)]);
    }
  }
  return pairs;
}

function printPairs(pairs: readonly Pair[]): Ucl {
  const names = [...new Set(pairs.map(([name]) => name))];
  return Object.fromEntries(names.map((name) => [name, pairs.flatMap((pair) => (pair[0] === name ? [pair[1]] : []))]));
}

export const addHeadersOptions = section("Adds headers.", {
  headers: custom<readonly Pair[]>([], "Name and value, or several values.", readPairs, printPairs),
  remove: integer(0, `Which ones of these names to remove that are there already: ${which}`),
});

export function addHeaders(options: SectionValue<typeof addHeadersOptions>): HeaderChanges {
  const names = [...new Set(options.headers.map(([name]) => name))];
  return {
    addHeaders: options.headers.map(([name, value]) => field(name, value)),
    removeHeaders: names.map((name) => ({ name, index: options.remove })),
  };
}

export const removeHeaderOptions = section("Removes a header.", {
  header: headerName("", "Name of the header."),
  remove: integer(0, `Which ones: ${which}`),
});

export function removeHeader(options: SectionValue<typeof removeHeaderOptions>): HeaderChanges {
  if (options.header === "") return noChange;
  return { addHeaders: [], removeHeaders: [{ name: options.header, index: options.remove }] };
}

export const removeHeadersOptions = section("Removes headers.", {
  headers: table(integer(0, `Which ones: ${which}`), {}, "Names of headers, with which ones of each."),
});

export function removeHeaders(options: SectionValue<typeof removeHeadersOptions>): HeaderChanges {
  const removed = Object.entries(options.headers).map(([name, index]) => ({ name, index }));
  return { addHeaders: [], removeHeaders: removed };
}

export const removeSpamFlagOptions = section("Removes the marker that another filter may have set.", {
  header: headerName("X-Spam", "Name of the header."),
});

export function removeSpamFlag(options: SectionValue<typeof removeSpamFlagOptions>): HeaderChanges {
  return { addHeaders: [], removeHeaders: [{ name: options.header, index: 0 }] };
}
