// Adding a set to an Authenticated Received Chain (RFC 8617, 5.1): what was found, a signature over the message as it
// goes out, and a seal over the chain.

import { Fault } from "../../../shared/fault.ts";
import type { Header } from "../../../shared/task.ts";
import { type Form, headerForm } from "../dkim/header-form.ts";
import type { SignedMessage } from "../dkim/message.ts";
import { algorithmOf, signText } from "../dkim/private-key.ts";
import { type SignedName, type Signer, seconds, signedNames, signerTags } from "../dkim/sign.ts";
import { folded, foldedBase64 } from "../dkim/written.ts";
import { type ChainStatus, collectSets, instanceOf, isArcField, mostSets } from "./sets.ts";

export interface SealingOptions extends Signer {
  /** Fields that the signature covers. From must be among them, those of ARC and Authentication-Results must not. */
  readonly names: readonly SignedName[];
  readonly headerForm: Form;
  readonly bodyForm: Form;
  /** t=, ms since 1970. */
  readonly time: number;
  /** Our name and what we found, as in Authentication-Results: "mx.example.org; spf=pass ...; dmarc=pass ...". */
  readonly results: string;
  /** What ARC_CHECK found. A chain whose keys could not be had just now (temperror) cannot be sealed. */
  readonly status: ChainStatus;
}

/** Values of the three new fields, folded with LF. They go to the top: the seal, below it the signature, the results. */
export interface NewSet {
  readonly instance: number;
  /** ARC-Seal */
  readonly seal: string;
  /** ARC-Message-Signature */
  readonly message: string;
  /** ARC-Authentication-Results */
  readonly results: string;
}

/**
 * Makes the next set of the chain. Null when there can be none: the chain was sealed as failing before, or has 50 sets.
 * Faults with `bad-input` on options that make no set.
 */
export function sealMessage(message: SignedMessage, options: SealingOptions): NewSet | null {
  const before = chainBefore(message, options);
  if (before === null) return null;
  const { instance, text } = before;
  const results = field("ARC-Authentication-Results", `i=${instance}; ${resultsText(options.results)}`);
  const signature = field("ARC-Message-Signature", messageSignature(message, instance, options));
  const name = "ARC-Seal";
  const tags = [
    `i=${instance}`,
    `a=${algorithmOf(options.key)}`,
    `cv=${options.status}`,
    ...signerTags(options),
    `t=${seconds(options.time)}`,
    "b=",
  ];
  const value = folded(name, tags, "\n");
  const covered = `${text}${headerForm(results, "relaxed")}\r\n${headerForm(signature, "relaxed")}\r\n`;
  const own = headerForm(field(name, value), "relaxed");
  return {
    instance,
    seal: value + foldedBase64(signText(options.key, covered + own), "\n"),
    message: signature.raw.slice(1),
    results: results.raw.slice(1),
  };
}

function field(name: string, value: string): Pick<Header, "name" | "key" | "raw"> {
  return { name, key: name.toLowerCase(), raw: ` ${value}` };
}

/** The instance to come, and what its seal covers of the sets before. */
function chainBefore(
  message: SignedMessage,
  { status }: SealingOptions,
): { readonly instance: number; readonly text: string } | null {
  const fields = message.fields.filter(isArcField);
  if (status === "none" && fields.length > 0) throw new Fault("bad-input", "there is a chain: its status is not none");
  let highest = 0;
  for (const each of fields) highest = Math.max(highest, instanceOf(each) ?? 0);
  if (highest >= mostSets) return null;
  // Sealed once as failing, a chain stays so: nobody looks further (RFC 8617, 5.2, step 2).
  if (fields.some((each) => each.key === "arc-seal" && /(?:^|;)\s*cv\s*=\s*fail\s*(?:;|$)/i.test(each.raw)))
    return null;
  // RFC 8617, 5.1.2: who finds a chain broken seals his own set alone.
  if (status !== "pass") return { instance: highest + 1, text: "" };
  const sets = collectSets(fields, { now: 0, jitter: Number.POSITIVE_INFINITY });
  if (sets === null || typeof sets === "string") throw new Fault("bad-input", "there is no chain that could pass");
  let text = "";
  for (const set of sets) {
    for (const each of [set.results, set.message, set.seal]) text += message.fieldForm(each, "relaxed");
  }
  return { instance: highest + 1, text };
}

function messageSignature(message: SignedMessage, instance: number, options: SealingOptions): string {
  const { headerForm: header, bodyForm: body } = options;
  const names = signedNames(message, options.names);
  const unfit = names.find((name) => name.startsWith("arc-") || name === "authentication-results");
  if (unfit !== undefined) throw new Fault("bad-input", `${unfit} cannot be signed (RFC 8617, 4.1.2)`);
  const tags = [
    `i=${instance}`,
    `a=${algorithmOf(options.key)}`,
    `c=${header}/${body}`,
    ...signerTags(options),
    `t=${seconds(options.time)}`,
    `h=${names.join(":")}`,
    `bh=${message.bodyHash(body, Number.POSITIVE_INFINITY).digest}`,
    "b=",
  ];
  const name = "ARC-Message-Signature";
  const value = folded(name, tags, "\n");
  const own = headerForm(field(name, value), header);
  return value + foldedBase64(signText(options.key, message.selection(names, header, null) + own), "\n");
}

/** Results as they go out: ASCII, and with no line that is empty, for servers take that for the end of the headers. */
function resultsText(results: string): string {
  const lines = results
    .replace(/[^\n\t\x20-\x7e]+/g, (odd) => (/^\r+$/.test(odd) ? "" : "?"))
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return lines.join("\n\t");
}
