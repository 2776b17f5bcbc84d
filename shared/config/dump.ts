// Every value of every declared section with its origin, as text for an operator and as data for a program.

import type { Loaded } from "./load.ts";
import { place } from "./problem.ts";
import type { Field } from "./schema.ts";
import { mergeObjects, type Node, plain, plainChain } from "./tree.ts";
import type { Trace } from "./validate.ts";
import { showNumber } from "./value.ts";

export interface DumpOptions {
  /** Only what is called so, with all below: "greylist", "options.dns". */
  readonly names?: readonly string[];
  /** Show passwords and keys. Without it they are "***": dumps are pasted into tickets. */
  readonly secrets?: boolean;
  /** In the text, what each value means stands above it. */
  readonly about?: boolean;
}

export interface DumpedValue {
  /** "greylist.timeout". */
  readonly name: string;
  /** As the services see it: times in ms, sizes in bytes. What a custom field makes of its value is shown as an operator writes it. */
  readonly value: unknown;
  /** "default", "/etc/sluice/local.d/greylist.conf:3" (several with ", "), "command line". */
  readonly origin: string;
}

const secretName = /(^|_)(password|passwd|secret|api_key|secret_key|access_key|private_?key|privkey|token|keypair)$/i;
const masked = "***";

/** Values with their origins, in the order of the declarations. */
export function dumpValues(loaded: Loaded, options: DumpOptions = {}): DumpedValue[] {
  return chosen(loaded, options).map((trace) => {
    const { chain } = trace;
    const seen = seenValue(trace);
    const value = options.secrets === true ? seen : mask(trace.path.at(-1) ?? "", seen);
    return { name: trace.path.join("."), value: value ?? null, origin: originOf(chain) };
  });
}

function seenValue({ field, chain, value }: Trace): unknown {
  if (field.kind === "list" && Array.isArray(value)) return value.map((item) => field.item?.print?.(item) ?? item);
  if (field.kind !== "custom") return value;
  if (field.print !== undefined) return field.print(value);
  return chain === undefined ? plainOrNothing(value) : plainChain(chain);
}

/** The values as JSON text. */
export function dumpJson(loaded: Loaded, options: DumpOptions = {}): string {
  return JSON.stringify(dumpValues(loaded, options), null, 2);
}

/** The values as UCL with a comment that names the origin of each. */
export function dumpText(loaded: Loaded, options: DumpOptions = {}): string {
  const lines: string[] = [];
  let open: readonly string[] = [];
  for (const trace of chosen(loaded, options)) {
    const sections = trace.path.slice(0, -1);
    let shared = 0;
    while (shared < open.length && open[shared] === sections[shared]) shared++;
    for (let depth = open.length - 1; depth >= shared; depth--) lines.push(`${indent(depth)}}`);
    for (const [depth, name] of sections.entries()) if (depth >= shared) lines.push(`${indent(depth)}${key(name)} {`);
    open = sections;
    if (options.about === true) lines.push(`${indent(sections.length)}# ${trace.field.about}`);
    lines.push(...traceLines(trace, sections.length, options.secrets === true));
  }
  for (let depth = open.length - 1; depth >= 0; depth--) lines.push(`${indent(depth)}}`);
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

function chosen(loaded: Loaded, options: DumpOptions): readonly Trace[] {
  const { names } = options;
  return names === undefined ? loaded.traces : loaded.traces.filter((trace) => names.some((name) => isAt(trace, name)));
}

/** Whether a value has this name, stands below it, or is the one whose inside is called so. */
export function isAt({ path }: Pick<Trace, "path">, name: string): boolean {
  const [own, asked] = [`${path.join(".")}.`, `${name}.`];
  return own.startsWith(asked) || asked.startsWith(own);
}

function traceLines(trace: Trace, depth: number, secrets: boolean): string[] {
  const name = trace.path.at(-1) ?? "";
  const { field, value, chain } = trace;
  if (field.print !== undefined) {
    const printed = field.print(value);
    return uclLines(name, secrets ? printed : mask(name, printed), chain, depth);
  }
  if (chain !== undefined && field.kind === "custom") return nodeLines(name, chain, depth, secrets);
  const written = writeValue(field, secrets ? value : mask(name, value));
  if (written === undefined) return [`${indent(depth)}# ${name} has its default`];
  return [`${indent(depth)}${key(name)} = ${written}; # ${originOf(chain)}`];
}

/** A printed value in effect, with the origin of each part that the files give; the rest is default. */
function uclLines(name: string, value: unknown, chain: readonly Node[] | undefined, depth: number): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [`${indent(depth)}${key(name)} = ${JSON.stringify(value)}; # ${originOf(chain)}`];
  }
  const given = mergeObjects((chain ?? []).filter((node) => node.kind === "object"));
  const inner = Object.entries(value).flatMap(([inside, part]) => {
    // Operators write actions with a space, too.
    return uclLines(inside, part, given.get(inside) ?? given.get(inside.replaceAll("_", " ")), depth + 1);
  });
  return [`${indent(depth)}${key(name)} {`, ...inner, `${indent(depth)}}`];
}

/** Values as they are written in the files, each with its own line. */
function nodeLines(name: string, chain: readonly Node[], depth: number, secrets: boolean): string[] {
  return chain.flatMap((node) => {
    if (node.kind !== "object") {
      const value = secrets ? plain(node) : mask(name, plain(node));
      return [`${indent(depth)}${key(name)} = ${JSON.stringify(value)}; # ${place(node.origin)}`];
    }
    const inner = [...node.keys].flatMap(([inside, nodes]) => nodeLines(inside, nodes, depth + 1, secrets));
    return [`${indent(depth)}${key(name)} { # ${place(node.origin)}`, ...inner, `${indent(depth)}}`];
  });
}

/** A value as UCL that means the same when it is read again; undefined where there is no such text. */
function writeValue(field: Field<unknown>, value: unknown): string | undefined {
  if (value === masked) return `"${masked}"`;
  if (typeof value === "number") return showNumber(field, value);
  if (field.kind === "list" && Array.isArray(value) && field.item !== undefined) {
    const { item } = field;
    const items = value.map((element: unknown) => {
      return item.print === undefined || element === masked
        ? writeValue(item, element)
        : JSON.stringify(item.print(element));
    });
    return items.includes(undefined) ? undefined : `[${items.join(", ")}]`;
  }
  const plainValue = plainOrNothing(value);
  if (plainValue === undefined) return undefined;
  const isObject = typeof plainValue === "object" && plainValue !== null && !Array.isArray(plainValue);
  // Within it stand values with units of their own.
  return isObject ? writeObject(field, plainValue) : JSON.stringify(plainValue);
}

function writeObject(field: Field<unknown>, value: object): string {
  const entries = Object.entries(value).flatMap(([name, part]) => {
    const inner = field.keys?.[name] ?? field.rest ?? field.item;
    const written = inner === undefined ? JSON.stringify(part) : writeValue(inner, part);
    return written === undefined ? [] : [`${JSON.stringify(name)}: ${written}`];
  });
  return `{${entries.join(", ")}}`;
}

function originOf(chain: readonly Node[] | undefined): string {
  if (chain === undefined) return "default";
  const places = chain.flatMap((node) =>
    node.kind === "list" ? [place(node.origin), ...node.items.map((item) => place(item.origin))] : [place(node.origin)],
  );
  return [...new Set(places)].join(", ");
}

/** What JSON can say; undefined for a Map, a function, a class of somebody's. */
function plainOrNothing(value: unknown): unknown {
  if (value === null || ["string", "number", "boolean"].includes(typeof value)) return value;
  if (typeof value !== "object") return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null ? value : undefined;
}

function mask(name: string, value: unknown): unknown {
  if (secretName.test(name) && value !== "" && value !== null) return masked;
  if (Array.isArray(value)) return value.map((item: unknown) => mask("", item));
  if (plainOrNothing(value) === undefined || typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([inner, item]) => [inner, mask(inner, item)]));
}

function key(name: string): string {
  return /^[A-Za-z_][\w-]*$/.test(name) ? name : JSON.stringify(name);
}

function indent(depth: number): string {
  return "  ".repeat(depth);
}
