// Folders that come with Rspamd load without an error: small ones of the shapes of Rspamd 3.4 and 4, and the real one
// where Debian's package is installed.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makeFolder } from "./folder.testing.ts";
import { load } from "./load.ts";
import * as schema from "./schema.ts";

const sections = {
  options: schema.section("", {
    task_timeout: schema.duration(8000, ""),
    local_addrs: schema.list(schema.text("", ""), [], ""),
    dns: schema.section("", { timeout: schema.duration(1000, "") }),
  }),
  actions: schema.table(schema.optional(schema.number(0, "")), {}, ""),
  greylist: schema.section("", { timeout: schema.duration(0, ""), expire: schema.duration(0, "") }),
  group: schema.custom<unknown>([], "", (value) => value),
  http: schema.section("", {
    scan: schema.section("", { bind_socket: schema.list(schema.text("", ""), [], "") }),
    controller: schema.section("", { secure_ip: schema.list(schema.text("", ""), [], "") }),
  }),
  milter: schema.section("", { bind_socket: schema.list(schema.text("", ""), [], "") }),
};

/** Where a section of the main file, or a file of modules.d, takes in the files of the layers. */
function layersOf(file: string, dynamic = false): string {
  return `${dynamic ? `.include(try=true,priority=5) "\${DBDIR}/dynamic/${file}"` : ""}
    .include(try=true; priority=1,duplicate=merge) "$LOCAL_CONFDIR/local.d/${file}"
    .include(try=true; priority=10) "$LOCAL_CONFDIR/override.d/${file}"`;
}

const shape = {
  "rspamd.conf": `.include "$CONFDIR/common.conf"
    options { pidfile = "$RUNDIR/x.pid"; .include "$CONFDIR/options.inc"
      ${layersOf("options.inc")}
    }
    logging { type = "console"; ${layersOf("logging.inc")}
    }
    worker "normal" { bind_socket = "localhost:11333"; ${layersOf("worker-normal.inc")}
    }
    worker "controller" { count = 1; secure_ip = "127.0.0.1"; secure_ip = "::1"; ${layersOf("worker-controller.inc")}
    }
    worker "rspamd_proxy" { upstream "local" { default = yes; hosts = "localhost" }
      ${layersOf("worker-proxy.inc")}
    }
    worker "fuzzy" { count = -1 }`,
  "common.conf": `lua = "$RULESDIR/x.lua"
    metric { name = "default"; ${layersOf("metrics.conf")}
    }
    actions { reject = 15; greylist = 4; ${layersOf("actions.conf")}
    }
    group "rbl" { symbols = { "DNSWL_BLOCKED" { weight = 0.0; groups = ["dnswl"]; } }
      ${layersOf("rbl_group.conf")}
    }
    group "excess" { max_score = 2.4; ${layersOf("excess_group.conf")}
    }
    ${layersOf("groups.conf")}
    composites { A { expression = "B & !C"; } ${layersOf("composites.conf")}
    }
    classifier "bayes" { tokenizer { name = "osb"; } statfile { symbol = "S"; } statfile { symbol = "H"; }
      learn_condition =<<EOD
return function(task) local x = { "$a{b}" }; return x end
EOD
    }
    .include(glob=true) "\${CONFDIR}/modules.d/*.conf"
    settings { ${layersOf("settings.conf")}
    }
    modules { path = "\${PLUGINSDIR}" }
    .include(try=true) "$LOCAL_CONFDIR/rspamd.conf.local"
    .include(try=true,priority=10) "$LOCAL_CONFDIR/rspamd.conf.override"`,
  "options.inc": `filters = "chartable,dkim"; task_timeout = 8s; dns { timeout = 1s; sockets = 16; }
    local_addrs = [192.168.0.0/16, fd00::/8]; rrd = "\${DBDIR}/x.rrd"`,
  "modules.d/greylist.conf": `greylist { expire = 1d; timeout = 5min; ipv4_mask = 19
    ${layersOf("greylist.conf", true)}
    }`,
  "modules.d/mid.conf": `mid = { source = { url = [ "https://maps.example/x", "fallback+file://\${CONFDIR}/x" ]; }
    ${layersOf("mid.conf", true)}
    }`,
};

const newer = {
  "modules.d/url_suspect.conf": 'url_suspect { process_flags = ["numeric"]; checks { tld { enabled = true } } }',
  "modules.d/gpt.conf": 'gpt { model = "x"; not_yet_known_to_us = 1 }',
  "modules.d/not_yet_known_to_us.conf": "not_yet_known_to_us { enabled = false }",
  "lang_detection.inc": "",
};

const local = {
  "local.d/greylist.conf": "timeout = 1min;",
  "local.d/options.inc": "local_addrs = [10.9.0.0/16];",
  "override.d/actions.conf": "reject = null;",
  "local.d/worker-normal.inc": 'bind_socket = "*:11333";',
  "local.d/groups.conf": 'group "rbl" { max_score = 7 }',
};

function loadStock(folder: string) {
  const loaded = load({ folder, sections, environment: { RSPAMD_DBDIR: join(folder, "none") } });
  return { ...loaded, names: loaded.unsupported.map(({ name }) => name) };
}

for (const [version, files] of Object.entries({ "3.4": shape, "4": { ...shape, ...newer } })) {
  test(`a folder of the shape of Rspamd ${version} loads, and says what Sluice has not`, (context) => {
    const folder = makeFolder(context, files);
    const { problems, names, unsupported } = loadStock(folder);
    assert.deepEqual(problems, []);
    for (const name of [
      "mid",
      "classifier",
      "worker.fuzzy",
      "worker.controller.count",
      "worker.rspamd_proxy.upstream",
      "options.rrd",
      "options.dns.sockets",
    ]) {
      assert.ok(names.includes(name), `${name} in ${names}`);
    }
    assert.equal(new Set(names).size, names.length, "each name once");
    const mask = unsupported.find(({ name }) => name === "greylist.ipv4_mask");
    assert.deepEqual(mask, { name: "greylist.ipv4_mask", file: join(folder, "modules.d/greylist.conf"), line: 1 });
    assert.equal(names.includes("gpt"), version === "4");
    assert.equal(names.includes("not_yet_known_to_us"), version === "4");
  });

  test(`an operator's layers on a folder of Rspamd ${version} count as they do there`, (context) => {
    const { values, problems } = loadStock(makeFolder(context, { ...files, ...local }));
    assert.deepEqual(problems, []);
    assert.deepEqual(values.greylist, { timeout: 60_000, expire: 86_400_000 });
    assert.deepEqual(values.options, {
      task_timeout: 8000,
      local_addrs: ["192.168.0.0/16", "fd00::/8", "10.9.0.0/16"],
      dns: { timeout: 1000 },
    });
    assert.deepEqual(values.actions, { reject: null, greylist: 4 });
    assert.deepEqual(values.http, {
      scan: { bind_socket: ["*:11333"] },
      controller: { secure_ip: ["127.0.0.1", "::1"] },
    });
    assert.match(JSON.stringify(values.group), /"rbl":\{"symbols":\{.*\},"max_score":7\}/);
  });
}

test("what an operator says of an unsupported section is listed at the operator's file", (context) => {
  const own = { "local.d/mid.conf": "\nx = 1;", "local.d/worker-proxy.inc": 'upstream "local" { self_scan = yes }' };
  const { unsupported } = loadStock(makeFolder(context, { ...shape, ...own }));
  const at = (name: string) =>
    unsupported.filter((one) => one.name === name).map(({ file, line }) => [file.slice(-24), line]);
  assert.deepEqual(at("mid").flat().slice(1), [2]);
  assert.match(String(at("mid")[0]), /local\.d\/mid\.conf/);
  assert.match(String(at("worker.rspamd_proxy.upstream")), /worker-proxy\.inc,1$/);
  assert.match(String(at("classifier")), /common\.conf/);
});

// Where the package is installed the real folder is tried too; e2e tests install it.
for (const folder of ["/etc/rspamd"].filter((path) => existsSync(join(path, "rspamd.conf")))) {
  test(`${folder} loads as it was installed`, () => {
    const { problems, names, values } = loadStock(folder);
    assert.deepEqual(problems, []);
    assert.ok(names.includes("dcc") && names.includes("options.filters"));
    assert.deepEqual(values.actions, { reject: 15, add_header: 6, greylist: 4 });
  });
}
