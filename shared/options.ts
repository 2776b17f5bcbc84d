// The section `options`: what holds for the whole process. The coordinator and the resolver read it; other roles and
// checks that need one of its keys name this same section.

import { custom, duration, flag, integer, list, section, text } from "./config/schema.ts";
import { dnsSection } from "./dns/config.ts";
import { readNetwork } from "./network.ts";
import { upstreamLimits } from "./upstream.ts";

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

const upstreamSection = section("How servers that fail are left out: name servers, scanners, others.", {
  max_errors: integer(upstreamLimits.maxErrors, "Failures in a row, within error_time, that take a server out.", {
    min: 1,
    max: 10_000,
  }),
  error_time: duration(upstreamLimits.errorTime, "See max_errors.", { min: 1 }),
  revive_time: duration(upstreamLimits.reviveTime, "How long a server is out.", { min: 1, aliases: ["dead_time"] }),
  lazy_resolve_time: duration(upstreamLimits.resolveTime, "How long the addresses of a named server are used.", {
    min: 1_000,
  }),
  resolve_min_interval: duration(upstreamLimits.resolvePause, "Shortest time between two lookups of a named server.", {
    min: 0,
  }),
});

export const optionsConfig = {
  options: section("How mail is scanned, and what the whole process shares.", {
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
    job_lease: duration(30_000, "Jobs, such as lessons, of a process that died are done by another after this time.", {
      min: 1_000,
      max: 600_000,
    }),
    local_addrs: list(network, ownNetworks, "Networks whose mail is our own."),
    log_addresses: flag(true, "Write senders and recipients to the log; no: only their domains."),
    dns: dnsSection,
    dns_max_requests: integer(512, "Queries of one check for one message.", { min: 1, max: 100_000 }),
    upstream: upstreamSection,
  }),
};
