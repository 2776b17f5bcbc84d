// Which file belongs where: names of files in local.d and override.d, as Rspamd's own configuration includes them.

import { rspamdSections } from "./rspamd-names.ts";

/** Files that do not have the name of their section. An empty path is the top level. */
const special: Readonly<Record<string, readonly string[]>> = {
  "options.inc": ["options"],
  "logging.inc": ["logging"],
  "lang_detection.inc": ["lang_detection"],
  "worker-normal.inc": ["worker", "normal"],
  "worker-controller.inc": ["worker", "controller"],
  "worker-proxy.inc": ["worker", "rspamd_proxy"],
  "worker-fuzzy.inc": ["worker", "fuzzy"],
  "classifier-bayes.conf": ["classifier", "bayes"],
  "metrics.conf": ["metric"],
  "rmilter_headers.conf": ["milter_headers"],
  "fann_redis.conf": ["neural"],
  "statistic.conf": [],
  "groups.conf": [],
  "cgp.inc": [],
};

/** Sections that have files of another name. */
const elsewhere: ReadonlySet<string> = new Set([
  "options",
  "logging",
  "lang_detection",
  "worker",
  "classifier",
  "metric",
  "group",
]);

/** The section that a file of local.d or override.d fills, as a path from the top; undefined when there is none. */
export function sectionOf(file: string, declared: Iterable<string>): readonly string[] | undefined {
  if (Object.hasOwn(special, file)) return special[file];
  const [, group] = /^([^.]+)_group\.conf$/.exec(file) ?? [];
  if (group !== undefined) return ["group", group];
  const [, name] = /^([^.]+)\.conf$/.exec(file) ?? [];
  if (name === undefined || elsewhere.has(name)) return undefined;
  if (rspamdSections.has(name)) return [name];
  for (const section of declared) if (section === name) return [name];
  return undefined;
}

/** All names of files that have a section, for "nearest". */
export function fileNames(declared: Iterable<string>): string[] {
  const sections = new Set([...declared, ...rspamdSections]);
  const names = [...sections].filter((name) => !elsewhere.has(name)).map((name) => `${name}.conf`);
  return [...Object.keys(special), ...names];
}

/** Leftovers of editors and packages, and notes: nobody expects them to be read. */
export function isLeftover(file: string): boolean {
  return /^\.|~$|^#|\.(bak|orig|old|save|swp|tmp|example|sample|disabled|off|md|txt|rpm\w+|dpkg-\w+|ucf-\w+)$/.test(
    file,
  );
}
