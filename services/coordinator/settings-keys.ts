// The tests of single match keys of settings. A value that cannot be read is reported by its path.

import type { Pattern } from "../../shared/expression/pattern.ts";
import { compilePattern, readPattern } from "../../shared/expression/pattern.ts";
import { asciiHost } from "../../shared/message/domain.ts";
import { contains, readNetwork } from "../../shared/network.ts";
import type { Mailbox } from "../../shared/task.ts";
import type { HeaderKey, ListKey, SettingsTask, Test } from "./settings-match.ts";
import type { Complain } from "./settings-values.ts";

/** Holds when any of the values fits. */
export function listTest(key: ListKey, values: readonly string[], complain: Complain): Test {
  switch (key) {
    case "ip":
    case "client_ip":
      return networkTest(key, values, complain);
    case "hostname":
    case "helo":
      return nameTest(key, values, complain);
    default:
      return addressTest(key, values, complain);
  }
}

function networkTest(key: "ip" | "client_ip", values: readonly string[], complain: Complain): Test {
  const networks = values.flatMap((value, index) => {
    const network = readNetwork(value);
    if (!(network instanceof Error)) return [network];
    complain([key, index], network.message);
    return [];
  });
  return (task) => {
    const address = key === "ip" ? task.address : task.clientAddress;
    return address !== null && networks.some((network) => contains(network, address));
  };
}

function nameTest(key: "hostname" | "helo", values: readonly string[], complain: Complain): Test {
  const { exact, patterns } = sorted(key, values, complain);
  return (task) => {
    const name = task.envelope[key];
    if (name === undefined || name === "") return false;
    return exact.has(name.toLowerCase()) || patterns.some((pattern) => pattern.test(name));
  };
}

type AddressKey = Exclude<ListKey, "ip" | "client_ip" | "hostname" | "helo">;

/** "@example.org" is a domain, "joe@example.org" an address, "joe" a user at whatever domain, "<>" the null sender. */
function addressTest(key: AddressKey, values: readonly string[], complain: Complain): Test {
  values.forEach((value, index) => {
    if (!value.startsWith("/") && /[*?\s,]/.test(value)) {
      complain([key, index], `"${value}" is no address, @domain, user or /pattern/`);
    }
  });
  const { exact, patterns } = sorted(key, values, complain, comparable);
  const matches = (address: string) => {
    const lower = comparable(address);
    if (lower === "") return exact.has("<>");
    const at = lower.lastIndexOf("@");
    if (exact.has(lower) || exact.has(at === -1 ? lower : lower.slice(0, at))) return true;
    return (at !== -1 && exact.has(lower.slice(at))) || patterns.some((pattern) => pattern.test(address));
  };
  return (task) => addressesOf(key, task).some(matches);
}

function addressesOf(key: AddressKey, { envelope, headers }: SettingsTask): readonly string[] {
  const written = (mailboxes: readonly Mailbox[]) => mailboxes.map((mailbox) => mailbox.address);
  switch (key) {
    case "from":
      return envelope.from === undefined ? [] : [envelope.from];
    case "rcpt":
      return envelope.rcpts;
    case "user":
      return isNonEmpty(envelope.user) ? [envelope.user] : [];
    case "from_mime":
      return written(headers.from);
    case "rcpt_mime":
      return written([...headers.to, ...headers.cc, ...headers.bcc]);
  }
}

function isNonEmpty(text: string | undefined): text is string {
  return text !== undefined && text !== "";
}

/** Holds when any of the headers is as wanted: there or not, or with a value that matches a pattern. */
export function headerTest(
  key: HeaderKey,
  names: Readonly<Record<string, boolean | readonly string[]>>,
  complain: Complain,
): Test {
  const tests = Object.entries(names).map(([name, wanted]) => {
    const lower = name.toLowerCase();
    const valuesOf =
      key === "header"
        ? (task: SettingsTask) => task.headers.fields.filter((field) => field.key === lower).map(({ value }) => value)
        : (task: SettingsTask) => [task.requestHeaders[lower]].filter((value) => value !== undefined);
    if (typeof wanted === "boolean") return (task: SettingsTask) => valuesOf(task).length > 0 === wanted;
    // A bare text is a pattern here, as Rspamd has it.
    const patterns = wanted.flatMap((text, index) =>
      kept(readPattern(text) ?? compilePattern(text, ""), [key, name, index], complain),
    );
    return (task: SettingsTask) => valuesOf(task).some((value) => patterns.some((pattern) => pattern.test(value)));
  });
  return (task) => tests.some((test) => test(task));
}

/** In lower case, an international domain in ASCII. */
function comparable(address: string): string {
  const lower = address.toLowerCase();
  const at = lower.lastIndexOf("@");
  return at === -1 || !/[^\x00-\x7f]/.test(lower) ? lower : lower.slice(0, at + 1) + asciiHost(lower.slice(at + 1));
}

function sorted(
  key: ListKey,
  values: readonly string[],
  complain: Complain,
  comparable: (text: string) => string = (text) => text.toLowerCase(),
) {
  const exact = new Set<string>();
  const patterns: Pattern[] = [];
  values.forEach((value, index) => {
    const pattern = readPattern(value);
    if (pattern === null) exact.add(comparable(value));
    else patterns.push(...kept(pattern, [key, index], complain));
  });
  return { exact, patterns };
}

function kept(pattern: Pattern | Error, path: readonly (string | number)[], complain: Complain): readonly Pattern[] {
  if (!(pattern instanceof Error)) return [pattern];
  complain(path, pattern.message);
  return [];
}
