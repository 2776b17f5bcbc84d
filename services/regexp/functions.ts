// Functions that rules may call (R 3.11). Each looks at its arguments once, when the rule is read, and answers with what
// is asked of a message, or with an Error.

import type { CompiledPattern } from "../../shared/pattern/compile.ts";
import type { Part } from "../../shared/task.ts";
import { partsDistance, recipientsAlike, recipientsSorted } from "./distance.ts";
import type { RuleTask } from "./sources.ts";

export type Argument = string | CompiledPattern;
/** 1 or 0. */
export type RuleFunction = (task: RuleTask) => number;
type Maker = (given: readonly Argument[]) => RuleFunction | Error;

/** Characters of a value that an argument's pattern sees. */
const longest = 4_096;

function meets(argument: Argument, value: string): boolean {
  if (typeof argument === "string") return value.toLowerCase() === argument.toLowerCase();
  argument.regexp.lastIndex = 0;
  return argument.regexp.test(value.slice(0, longest));
}

function plain(test: (task: RuleTask) => boolean): Maker {
  return (given) => (given.length === 0 ? (task) => Number(test(task)) : new Error("it has no arguments"));
}

/** With `least` to `most` arguments. */
function withArguments(
  least: number,
  most: number,
  make: (given: readonly Argument[]) => ((task: RuleTask) => boolean) | Error,
): Maker {
  return (given) => {
    const count = least === most ? `${least}` : `${least} to ${most}`;
    if (given.length < least || given.length > most) return new Error(`it has ${count} arguments, not ${given.length}`);
    const test = make(given);
    return test instanceof Error ? test : (task) => Number(test(task));
  };
}

function numbersOf(given: readonly Argument[]): readonly number[] | Error {
  const numbers = given.map((argument) =>
    typeof argument === "string" && argument !== "" ? Number(argument) : Number.NaN,
  );
  return numbers.some(Number.isNaN) ? new Error("an argument is no number") : numbers;
}

function hasHeader(given: readonly Argument[]): ((task: RuleTask) => boolean) | Error {
  const [name] = given;
  if (typeof name !== "string") return new Error("its argument is the name of a header");
  const key = name.toLowerCase();
  return (task) => task.headers.fields.some((field) => field.key === key);
}

/** Of the message itself, as Rspamd has it: the first part. */
function mainType(task: RuleTask, at: 0 | 1): string | undefined {
  const [main] = task.structure.parts;
  return main?.declared ? (main.type.split("/")[at] ?? "") : undefined;
}

function typeTest(at: 0 | 1): Maker {
  return withArguments(1, 1, ([wanted = ""]) => (task) => {
    const type = mainType(task, at);
    return type !== undefined && meets(wanted, type);
  });
}

function partsLike(given: readonly Argument[], task: RuleTask): readonly Part[] {
  const [type = "", subtype] = given;
  return task.structure.parts.filter((part) => {
    const [family = "", kind = ""] = part.type.split("/");
    return meets(type, family) && (subtype === undefined || meets(subtype, kind));
  });
}

function contentPartLength(given: readonly Argument[]): ((task: RuleTask) => boolean) | Error {
  const numbers = numbersOf(given.slice(2));
  if (numbers instanceof Error) return numbers;
  const [min = 0, max = Infinity] = numbers;
  return (task) => partsLike(given.slice(0, 2), task).some(({ size }) => size >= min && size <= max);
}

function smtpData(given: readonly Argument[]): ((task: RuleTask) => boolean) | Error {
  const [item, value] = given;
  const readers: Readonly<Record<string, (task: RuleTask) => readonly (string | undefined)[]>> = {
    from: ({ envelope }) => [envelope.from],
    rcpt: ({ envelope }) => envelope.rcpts,
    helo: ({ envelope }) => [envelope.helo],
    user: ({ envelope }) => [envelope.user],
    ip: ({ envelope }) => [envelope.ip],
    subject: ({ headers }) => [headers.subject ?? undefined],
  };
  const read = typeof item === "string" && Object.hasOwn(readers, item) ? readers[item] : undefined;
  if (!read) return new Error(`its first argument is one of ${Object.keys(readers).join(", ")}`);
  const isThere = (found: string | undefined): found is string => found !== undefined && found !== "";
  return (task) => read(task).some((found) => isThere(found) && (value === undefined || meets(value, found)));
}

function partsDistanceTest(given: readonly Argument[]): ((task: RuleTask) => boolean) | Error {
  const numbers = numbersOf(given);
  if (numbers instanceof Error) return numbers;
  const [low = 0, high = Infinity] = numbers;
  return (task) => {
    const distance = partsDistance(task);
    return distance !== null && distance > low && distance <= high;
  };
}

function recipientsTest(given: readonly Argument[]): ((task: RuleTask) => boolean) | Error {
  const numbers = numbersOf(given);
  if (numbers instanceof Error) return numbers;
  const [limit = 1] = numbers;
  const share = limit > 1 ? limit / 100 : limit;
  return (task) => recipientsAlike(task) >= share;
}

const isBroken: ReadonlySet<string> = new Set(["bad-header", "missing-empty-line"]);

function flagTest(given: readonly Argument[]): ((task: RuleTask) => boolean) | Error {
  const [flag] = given;
  if (flag === "broken_headers") return ({ structure }) => structure.flaws.some(({ kind }) => isBroken.has(kind));
  if (flag === "8bit") return ({ structure }) => structure.flaws.some(({ kind }) => kind.startsWith("eight-bit-"));
  if (flag === "authenticated") return ({ envelope }) => envelope.user !== undefined;
  return new Error("it knows the flags broken_headers, 8bit and authenticated");
}

const textTypes: ReadonlySet<string> = new Set(["text/plain", "text/html"]);

const makers: Readonly<Record<string, Maker>> = {
  header_exists: withArguments(1, 1, hasHeader),
  raw_header_exists: withArguments(1, 1, hasHeader),
  has_only_html_part: plain(({ text }) => text.length > 0 && text.every(({ html }) => html)),
  is_html_balanced: plain(({ html }) => html.length > 0 && html.every(({ balanced }) => balanced)),
  has_fake_html: plain(({ html }) => html.length > 0 && html.every(({ tags }) => tags.length === 0)),
  has_html_tag: withArguments(
    1,
    1,
    ([tag = ""]) =>
      ({ html }) =>
        html.some(({ tags }) => tags.some((name) => meets(tag, name))),
  ),
  compare_parts_distance: withArguments(1, 2, partsDistanceTest),
  compare_recipients_distance: withArguments(1, 1, recipientsTest),
  is_recipients_sorted: plain(recipientsSorted),
  content_type_is_type: typeTest(0),
  content_type_is_subtype: typeTest(1),
  content_type_has_param: withArguments(
    1,
    1,
    ([name = ""]) =>
      ({ structure }) =>
        Object.keys(structure.parts[0]?.params ?? {}).some((param) => meets(name, param)),
  ),
  content_type_compare_param: withArguments(
    2,
    2,
    ([name = "", value = ""]) =>
      ({ structure }) =>
        Object.entries(structure.parts[0]?.params ?? {}).some(
          ([param, found]) => meets(name, param) && meets(value, found),
        ),
  ),
  compare_transfer_encoding: withArguments(
    1,
    1,
    ([wanted = ""]) =>
      ({ structure }) =>
        structure.parts.some(({ encoding }) => encoding !== "" && meets(wanted, encoding)),
  ),
  is_empty_body: plain(
    ({ structure, text }) =>
      structure.parts.some(({ type }) => textTypes.has(type)) && text.every((one) => one.text.trim() === ""),
  ),
  has_flag: withArguments(1, 1, flagTest),
  has_content_part: withArguments(1, 2, (given) => (task) => partsLike(given, task).length > 0),
  has_content_part_len: withArguments(2, 4, contentPartLength),
  check_smtp_data: withArguments(1, 2, smtpData),
};

/** How to make the function of this name, or why there is none. */
export function functionNamed(name: string): Maker | string {
  const maker = Object.hasOwn(makers, name) ? makers[name] : undefined;
  if (maker) return maker;
  if (name === "has_symbol") return "has_symbol() is a matter of composites, which see the symbols of all checks";
  return `there is no function ${name}()`;
}
