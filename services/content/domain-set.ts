// Sets of domains and hosts in configuration: a default, to which operators add and from which they take.

import { custom, type Field } from "../../shared/config/schema.ts";
import { asciiHost } from "../../shared/message/domain.ts";

/** `defaults` are divided by blanks. In a file "example.org" adds and "!example.org" takes away. */
export function domainSet(defaults: string, about: string): Field<ReadonlySet<string>> {
  const known: ReadonlySet<string> = new Set(defaults.split(/\s+/).filter((word) => word !== ""));
  return custom<ReadonlySet<string>>(
    known,
    `${about} A list adds to the default; "!example.org" takes away.`,
    (value) => {
      const set = new Set(known);
      for (const entry of Array.isArray(value) ? value : [value]) {
        if (typeof entry !== "string") return new Error("is a list of domains");
        const taken = entry.startsWith("!");
        const domain = asciiHost((taken ? entry.slice(1) : entry).trim());
        if (domain === "") return new Error(`"${entry}" is no domain`);
        if (taken) set.delete(domain);
        else set.add(domain);
      }
      return set;
    },
    (set) => [
      ...[...set].filter((domain) => !known.has(domain)),
      ...[...known].filter((domain) => !set.has(domain)).map((domain) => `!${domain}`),
    ],
  );
}

/** Whether the set has the host or a domain above it. */
export function hasHost(set: ReadonlySet<string>, host: string): boolean {
  if (set.has(host)) return true;
  for (let dot = host.indexOf("."); dot !== -1; dot = host.indexOf(".", dot + 1)) {
    if (set.has(host.slice(dot + 1))) return true;
  }
  return false;
}
