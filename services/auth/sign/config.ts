// The section `dkim_signing`, and the keys that it shares with `arc`: whose mail is signed, for which domain, with which
// keys.

import { existsSync } from "node:fs";
import { choice, custom, type Field, flag, type SectionValue, section, text } from "../../../shared/config/schema.ts";
import { mapSource } from "../../../shared/map/source.ts";
import { asciiHost, isHostName } from "../../../shared/message/domain.ts";
import { optionsConfig } from "../../../shared/options.ts";
import type { Form } from "../dkim/header-form.ts";
import { type DomainKeys, parseDomains, printDomains } from "./domain-keys.ts";
import { defaultFields, parseFields, type SignedField, writeFields } from "./signed-field.ts";

/** Where the domain of the signature is taken from; anything else is the domain itself. */
export const sources = ["header", "envelope", "auth", "recipient"] as const;

interface Defaults {
  readonly sign_authenticated: boolean;
  readonly sign_local: boolean;
  readonly sign_inbound: boolean;
  readonly allow_hdrfrom_mismatch: boolean;
  readonly use_domain: string;
  readonly path: string;
  readonly selector: string;
  readonly key_prefix: string;
  readonly fields: string;
}

function domainSource(fallback: string, about: string): Field<string> {
  return custom(fallback, `${about} ${sources.join(", ")}, or a domain.`, (value) => {
    if (typeof value !== "string") return new Error("must be a text");
    const word = asciiHost(value.toLowerCase());
    const isUnset = word === "" && fallback === "";
    const known = isUnset || sources.some((source) => source === word) || (isHostName(word) && word.includes("."));
    return known ? word : new Error(`is none of ${sources.join(", ")}, and no domain`);
  });
}

function selectorText(fallback: string, about: string): Field<string> {
  return custom(fallback, about, (value) =>
    typeof value === "string" && isHostName(value.toLowerCase())
      ? value
      : new Error("is no selector: letters, digits, -"),
  );
}

const canonicalForms = ["relaxed/relaxed", "relaxed/simple", "simple/relaxed", "simple/simple"] as const;

/** Of header and body (RFC 6376, 3.4). */
export function formsOf(canonicalization: (typeof canonicalForms)[number]): {
  readonly headerForm: Form;
  readonly bodyForm: Form;
} {
  return {
    headerForm: canonicalization.startsWith("simple") ? "simple" : "relaxed",
    bodyForm: canonicalization.endsWith("simple") ? "simple" : "relaxed",
  };
}

/** The keys of a section that says what is signed and with what. */
function signingKeys(defaults: Defaults) {
  return {
    sign_authenticated: flag(defaults.sign_authenticated, "Sign mail of users who have logged in."),
    sign_local: flag(defaults.sign_local, "Sign mail from options.local_addrs."),
    sign_inbound: flag(defaults.sign_inbound, "Sign mail of strangers."),
    sign_networks: mapSource("networks", "Sign mail from these networks."),
    allow_envfrom_empty: flag(true, "Sign mail with the null sender."),
    allow_hdrfrom_mismatch: flag(
      defaults.allow_hdrfrom_mismatch,
      "Sign mail whose author and envelope sender are of different domains.",
    ),
    allow_hdrfrom_mismatch_local: flag(false, "... from options.local_addrs."),
    allow_hdrfrom_mismatch_sign_networks: flag(false, "... from sign_networks."),
    allow_hdrfrom_multiple: flag(false, "Sign mail with several authors, for the domain of the first."),
    allow_username_mismatch: flag(false, "Sign mail of users whose login has another domain, or none."),
    use_domain: domainSource(defaults.use_domain, "Domain to sign for:"),
    use_domain_sign_local: domainSource("", "... of mail from options.local_addrs:"),
    use_domain_sign_networks: domainSource("", "... of mail from sign_networks:"),
    use_domain_sign_inbound: domainSource("", "... of mail of strangers:"),
    use_esld: flag(true, "Sign for the registered domain: example.org for mail.example.org."),
    path: text(defaults.path, "File of a private key; $domain and $selector stand for those of the signature."),
    selector: selectorText(defaults.selector, "Selector where nothing else names one."),
    domain: custom<DomainKeys>(
      new Map(),
      "Keys by domain: path, selector, or several as selectors.",
      parseDomains,
      printDomains,
    ),
    selector_map: mapSource("domains", "Selectors by domain; several stand side by side."),
    path_map: mapSource("domains", "Files of keys by domain."),
    try_fallback: flag(true, "Use `path` and `selector` for domains that neither `domain` nor a map names."),
    use_redis: flag(false, "Take keys from the store, where `sluice dkim store` puts them."),
    key_prefix: text(defaults.key_prefix, "Begins the names of keys in the store."),
    check_pubkey: flag(false, "Ask the DNS whether it has the public key before signing."),
    allow_pubkey_mismatch: flag(true, "Sign all the same when it has another or none."),
    sign_headers: custom<readonly SignedField[]>(
      defaultFields(defaults.fields),
      "Header fields to sign; (o) as if it stood there once more, (x) the same when it is there.",
      parseFields,
      writeFields,
    ),
    canonicalization: choice(canonicalForms, "relaxed/relaxed", "Forms in which header and body are signed."),
  };
}

/** Fields that a reader sees, and those that say how the body is to be read. Rspamd's list. */
const fields =
  "(o)from:(x)sender:(o)reply-to:(o)subject:(x)date:(x)message-id:(o)to:(o)cc:(x)mime-version:(x)content-type:" +
  "(x)content-transfer-encoding:resent-to:(x)resent-cc:(x)resent-from:(x)resent-sender:(x)resent-message-id:" +
  "(x)in-reply-to:(x)references:list-id:list-help:list-owner:list-unsubscribe:list-unsubscribe-post:list-subscribe:" +
  "list-post:(x)openpgp:(x)autocrypt";

const dkimSigning = section("Signing mail (DKIM).", {
  enabled: flag(true, "Sign mail for which there is a key."),
  symbol: text("DKIM_SIGNED", "Symbol of mail that was signed."),
  ...signingKeys({
    sign_authenticated: true,
    sign_local: true,
    sign_inbound: false,
    allow_hdrfrom_mismatch: false,
    use_domain: "header",
    path: "/var/lib/sluice/dkim/$domain.$selector.key",
    selector: "dkim",
    key_prefix: "DKIM_KEYS",
    fields,
  }),
});

export const dkimSigningConfig = { dkim_signing: dkimSigning, ...optionsConfig };
export type DkimSigning = SectionValue<typeof dkimSigning>;

/** For the section `arc`: seals are for mail that is passed on, in the name of whom it was for. */
export const sealingKeys = signingKeys({
  sign_authenticated: false,
  sign_local: false,
  sign_inbound: true,
  allow_hdrfrom_mismatch: true,
  use_domain: "recipient",
  path: "/var/lib/sluice/arc/$domain.$selector.key",
  selector: "arc",
  key_prefix: "ARC_KEYS",
  // RFC 8617, 4.1.2: signatures of others among them.
  fields: `${fields}:dkim-signature`,
});

type Signing = Omit<DkimSigning, "enabled" | "symbol">;

export type { Signing };

/** Whether there may be a key at all: without any, nobody need be asked. */
export function mayHaveKeys({ domain, selector_map, path_map, use_redis, try_fallback, path }: Signing): boolean {
  if (domain.size > 0 || use_redis) return true;
  if ([selector_map, path_map].some(({ entries, files }) => entries.length + files.length > 0)) return true;
  return try_fallback && existsSync(folderOf(path));
}

/** The part of a path that is the same for all keys. */
function folderOf(path: string): string {
  const fixed = path.split("$", 1)[0] ?? "";
  return fixed === path ? path : fixed.slice(0, fixed.lastIndexOf("/") + 1) || ".";
}
