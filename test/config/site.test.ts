// A site that came from Rspamd keeps its folder: what its files mean here, and what is not there yet.

import assert from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { declaredSymbols, loadServices, validateWith } from "../../bin/services.ts";
import { dumpText, dumpValues } from "../../shared/config/dump.ts";
import { type Loaded, load } from "../../shared/config/load.ts";
import { parseUcl } from "../../shared/config/ucl.ts";

const site = resolve(import.meta.dirname, "site");
const services = await loadServices();

function loadFolder(folder: string | undefined): Loaded {
  return load({
    folder,
    sections: services.sections,
    symbols: declaredSymbols(services),
    validate: validateWith(services),
    environment: {},
  });
}

/** Values by name, as an operator writes them, of what the files of `folder` say. */
function given(loaded: Loaded, folder: string): Readonly<Record<string, unknown>> {
  const values = dumpValues(loaded).filter(({ name, origin }) => {
    const isParted = name === "actions" || name.startsWith("settings.");
    return !isParted && origin.includes(`${folder}/`);
  });
  return Object.fromEntries(values.map(({ name, value }) => [name, value]));
}

function makeDumped(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "sluice-dump-"));
  writeFileSync(join(folder, "sluice.conf"), text);
  return folder;
}

const expected = {
  "options.task_timeout": 12_000,
  "options.local_addrs": ["198.51.100.0/24", "2001:db8:1::/48"],
  "group.mime_types": { max_score: 12 },
  "group.headers": {
    symbols: { MISSING_MID: { weight: 3.5 }, FORGED_SENDER: { weight: 0.5, description: "Newsletters do that here" } },
  },
  "group.ungrouped": { symbols: { SITE_BLOCKED_SENDER: { weight: 8 } } },
  "composites.SITE_NAKED_BULK.expression": "MISSING_MID & MISSING_DATE & !SITE_PARTNER",
  "composites.SITE_NAKED_BULK.score": 4,
  "composites.SITE_NAKED_BULK.description": "Neither Message-ID nor Date",
  "force_actions.rules.SITE_EXECUTABLE.expression": "MIME_BAD_EXTENSION & MISSING_FROM",
  "force_actions.rules.SITE_EXECUTABLE.action": "reject",
  "force_actions.rules.SITE_EXECUTABLE.message": "Executables are not accepted here",
  "milter_headers.use": ["x-spamd-bar", "x-spam-level", "authentication-results"],
  "milter_headers.authenticated_headers": ["authentication-results"],
  "milter_headers.extended_headers_rcpt": ["postmaster@example.org"],
  "milter_headers.routines.authentication-results.add_smtp_user": false,
  "http.scan.bind_socket": [],
  "http.controller.bind_socket": ["127.0.0.1:11334", "/run/sluice/controller.sock mode=0660"],
  "http.controller.password": "***",
  "http.controller.secure_ip": ["198.51.100.10", "2001:db8:1::10"],
  "http.max_message": 30 * 1024 * 1024,
  "redis.servers": ["round-robin:127.0.0.1:6379"],
  "redis.password": "***",
  "redis.timeout": 10_000,
  "options.dns.nameserver": ["round-robin:127.0.0.1:53:10"],
  "options.dns.timeout": 2_000,
  "milter.milter": true,
  "milter.bind_socket": ["*:11332"],
  "milter.timeout": 90_000,
  "milter.discard_on_reject": false,
  "milter.quarantine_on_reject": false,
  "milter.spam_header": "X-Junk",
  "milter.reject_message": "Rejected by policy, see https://example.org/mail",
  "milter.client_ca_name": "CN=Example Mail CA",
  "milter.max_message": 30 * 1024 * 1024,
};

/** What the site uses whether or not an actor for it is there: the rest of these sections is for their tests. */
function otherThan(names: Iterable<string>): string[] {
  const actors = ["antivirus", "arc", "classifier", "dkim_signing", "greylist", "multimap", "rbl", "symbol "];
  return [...names].filter((name) => !actors.some((actor) => name.startsWith(actor))).sort();
}

function check(loaded: Loaded, folder: string): void {
  assert.deepEqual(
    loaded.problems.filter(({ severity }) => severity === "error"),
    [],
  );
  const values = given(loaded, folder);
  assert.deepEqual(Object.fromEntries(Object.keys(expected).map((name) => [name, values[name]])), expected);
  const actions = dumpValues(loaded).find(({ name }) => name === "actions");
  const { reject, add_header, greylist, subject } = Object(actions?.value);
  assert.deepEqual([reject, add_header, greylist, subject], [16, 7, null, "[maybe spam] %s"]);
  assert.match(dumpText(loaded, { names: ["actions"] }), /reject = 16; # .*override\.d\/actions\.conf:1$/m);
  const { settings } = parseUcl(dumpText(loaded, { names: ["settings"] }));
  assert.deepEqual(settings, {
    outgoing: {
      priority: "high",
      authenticated: true,
      apply: { groups_disabled: ["rbl", "hfilter"], actions: { reject: 25, greylist: null } },
    },
    abuse: { id: "abuse", rcpt: ["abuse@example.org", "postmaster@example.org"], want_spam: true },
  });
}

test("local.d and override.d of a site mean here what they meant", () => {
  const loaded = loadFolder(site);
  check(loaded, site);
  assert.deepEqual(otherThan(loaded.unsupported.map(({ name }) => name)), [
    "worker.controller.static_dir",
    "worker.rspamd_proxy.count",
    "worker.rspamd_proxy.upstream",
  ]);
});

test("the same on top of the files of Debian's package", (context) => {
  const stock = "/etc/rspamd";
  assert.ok(existsSync(join(stock, "rspamd.conf")), `${stock} is missing: apt-get install rspamd`);
  const folder = mkdtempSync(join(tmpdir(), "sluice-site-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(stock, folder, { recursive: true });
  cpSync(site, folder, { recursive: true });
  const loaded = loadFolder(folder);
  const networks = dumpValues(loaded).find(({ name }) => name === "options.local_addrs");
  assert.ok(Array.isArray(networks?.value) && networks.value.includes("198.51.100.0/24"));
  const errors = loaded.problems.filter(({ severity }) => severity === "error");
  assert.deepEqual(errors, []);
  const { milter, http } = loaded.values;
  assert.match(JSON.stringify(milter), /"spam_header":"X-Junk"/);
  assert.match(JSON.stringify(http), /"scan":\{"bind_socket":\[\]\}/);
  for (const name of ["options.rrd", "worker.fuzzy", "worker.normal.mime", "lua"]) {
    assert.ok(
      loaded.unsupported.some((one) => one.name === name),
      name,
    );
  }
});

test("a dump is a configuration that means the same", (context) => {
  const folder = makeDumped(dumpText(loadFolder(site), { secrets: true }));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const again = loadFolder(folder);
  // Sections that no service declares are not in a dump: symbols that they bring are unknown then, which is a warning.
  assert.deepEqual(
    again.problems.filter(({ severity }) => severity === "error"),
    [],
  );
  assert.deepEqual(again.values, loadFolder(site).values);
  const defaults = makeDumped(dumpText(loadFolder(undefined), { secrets: true }));
  context.after(() => rmSync(defaults, { recursive: true, force: true }));
  assert.deepEqual(loadFolder(defaults).problems, []);
  assert.deepEqual(loadFolder(defaults).values, loadFolder(undefined).values);
});
