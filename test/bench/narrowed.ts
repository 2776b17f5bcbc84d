// Options of `sluice serve` that leave a part of it: what a cost is made of.

/** Without what asks others and what learns: the rules that look at the message alone. */
export const rulesOnly = ["spf", "dkim", "arc", "dmarc", "neural", "classifier.bayes"].flatMap((section) =>
  set(`${section}.enabled=no`),
);

/** A hundred symbols of headers, types and dates: what the analysis, the coordinator and the gateway cost with few rules. */
const spine = [
  "GTUBE_CHECK",
  "CHECK_MISSING_HEADERS",
  "CHECK_DUPLICATE_HEADERS",
  "SUBJECT_CHECK",
  "CHECK_FROM",
  "CHECK_REPLYTO",
  "CHECK_TO_CC",
  "CHECK_MID",
  "CHECK_RECEIVED",
  "MIME_TYPES_CALLBACK",
  "MIME_EXTENSIONS_CHECK",
  "CHECK_TEXT_PARTS",
  "DATE_CHECKS",
];

/** Beside `rulesOnly`: for every client but one that there is not. */
export const spineOnly = [
  "settings.spine.ip=192.0.2.77",
  "settings.spine.inverse=yes",
  `settings.spine.apply.symbols_enabled=[${spine.join(",")}]`,
].flatMap(set);

function set(assignment: string): readonly string[] {
  return ["--set", assignment];
}
