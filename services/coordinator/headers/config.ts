// The section `milter_headers`: which headers are added to a message and taken away from it.

import type { SectionValue } from "../../../shared/config/schema.ts";
import { choice, custom, flag, list, section, text } from "../../../shared/config/schema.ts";
import { authenticationResultsOptions } from "./authentication-results.ts";
import { addHeadersOptions, removeHeaderOptions, removeHeadersOptions, removeSpamFlagOptions } from "./configured.ts";
import {
  actionOptions,
  fuzzyHashesOptions,
  osFingerprintOptions,
  queueIdOptions,
  serverOptions,
  spamHeaderOptions,
  statSignatureOptions,
} from "./plain.ts";
import { resultOptions } from "./result.ts";
import { barOptions, levelOptions, statusOptions } from "./scores.ts";
import { virusOptions } from "./virus.ts";

const routineOptions = {
  "x-spamd-result": resultOptions,
  "x-rspamd-server": serverOptions,
  "x-rspamd-queue-id": queueIdOptions,
  "x-rspamd-action": actionOptions,
  "x-spamd-bar": barOptions,
  "x-spam-level": levelOptions,
  "x-spam-status": statusOptions,
  "spam-header": spamHeaderOptions,
  "x-virus": virusOptions,
  "x-os-fingerprint": osFingerprintOptions,
  "authentication-results": authenticationResultsOptions,
  "stat-signature": statSignatureOptions,
  "fuzzy-hashes": fuzzyHashesOptions,
  "add-headers": addHeadersOptions,
  "remove-header": removeHeaderOptions,
  "remove-headers": removeHeadersOptions,
  "remove-spam-flag": removeSpamFlagOptions,
};

export type RoutineName = keyof typeof routineOptions;

/** Every routine by its name. */
export const routineNames: readonly RoutineName[] = [
  "x-spamd-result",
  "x-rspamd-server",
  "x-rspamd-queue-id",
  "x-rspamd-action",
  "x-spamd-bar",
  "x-spam-level",
  "x-spam-status",
  "spam-header",
  "x-virus",
  "x-os-fingerprint",
  "authentication-results",
  "stat-signature",
  "fuzzy-hashes",
  "add-headers",
  "remove-header",
  "remove-headers",
  "remove-spam-flag",
];

function routineList(about: string) {
  return list(choice(routineNames, "x-spamd-result", "A routine."), [], about);
}

const milterHeaders = section("Headers that are added to messages and taken away from them.", {
  use: routineList("Routines to use."),
  extended_spam_headers: flag(
    false,
    "Use x-spamd-result, x-rspamd-server, x-rspamd-queue-id and x-rspamd-action, too.",
  ),
  skip_local: flag(true, "Add no headers to mail from our own networks."),
  skip_authenticated: flag(true, "Add no headers to mail of authenticated users."),
  skip_all: flag(false, "Add headers only to mail for extended_headers_rcpt."),
  local_headers: routineList("Routines that are used for mail from our own networks all the same."),
  authenticated_headers: routineList("Routines that are used for mail of authenticated users all the same."),
  extended_headers_rcpt: list(
    text("", "user@example.org, @example.org, or user."),
    [],
    "Add headers in any case to mail whose recipients are all among these.",
  ),
  remove_upstream_spam_flag: flag(true, "Remove the marker that another filter may have set: remove-spam-flag."),
  routines: section("Options of the routines.", routineOptions),
  custom: custom(null, "Rspamd has routines in Lua here.", (value) => {
    return value === null
      ? null
      : new Error("holds Lua, which is not run; see add-headers, remove-headers and spam-header");
  }),
});

export const milterHeadersConfig = { milter_headers: milterHeaders };
export type MilterHeaders = SectionValue<typeof milterHeaders>;
