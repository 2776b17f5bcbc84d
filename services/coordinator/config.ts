// Configuration of the coordinator: sections that Rspamd's operators know.

import { custom, duration, flag, integer, list, section, text } from "../../shared/config/schema.ts";
import { readNetwork } from "../../shared/network.ts";
import { compositesConfig } from "./composites-config.ts";
import { forceActionsConfig } from "./force-actions.ts";
import { milterHeadersConfig } from "./headers/config.ts";
import { settingsConfig } from "./settings-rule.ts";
import { actionsField } from "./thresholds.ts";
import { groupField } from "./weights.ts";

const network = custom("127.0.0.1", "An address or a network.", (value) => {
  if (typeof value !== "string") return new Error("must be an address or a network");
  const read = readNetwork(value);
  return read instanceof Error ? read : value;
});

const ownNetworks = [
  "192.168.0.0/16",
  "10.0.0.0/8",
  "172.16.0.0/12",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "fd00::/8",
  "fe80::/10",
  "::1/128",
];

export const config = {
  options: section("How mail is scanned.", {
    task_timeout: duration(8_000, "Time for a whole scan; what has not answered by then is listed as failed.", {
      min: 100,
      max: 600_000,
    }),
    required_checks: list(
      text("", "A check."),
      [],
      "Checks whose failure defers the mail (451) instead of passing it.",
    ),
    breaker_failures: integer(4, "A check that fails so often within breaker_window is not asked for a while.", {
      min: 1,
    }),
    breaker_window: duration(10_000, "See breaker_failures.", { min: 100 }),
    breaker_pause: duration(30_000, "How long a failing check is not asked.", { min: 100 }),
    max_tasks: integer(64, "Scans at work at once in one process; as many may wait.", { min: 1, max: 10_000 }),
    local_addrs: list(network, ownNetworks, "Networks whose mail is our own."),
    log_addresses: flag(true, "Write senders and recipients to the log; no: only their domains."),
  }),
  actions: actionsField,
  group: groupField,
  ...compositesConfig,
  ...settingsConfig,
  ...forceActionsConfig,
  ...milterHeadersConfig,
};
