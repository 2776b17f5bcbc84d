import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { makeFolder } from "../../shared/config/folder.testing.ts";
import { sluice } from "../../test/cli/sluice.ts";

test("config check tells of settings that no rule has, of thresholds in a wrong order, of lines in maps", async (context) => {
  const folder = makeFolder(context, {
    "local.d/settings.conf": 'strict { rcpt = "@example.org";\n apply { actions { reject = 5 } } }',
    traps: "trap@example.org\na b@example.org\n@\n",
  });
  const args = ["config", "check", "--config", folder, "--set", `spamtrap.map=${join(folder, "traps")}`];
  const { code, stdout } = await sluice([...args, "--set", "milter.settings_id=strct"]);
  assert.equal(code, 0, stdout);
  assert.match(stdout, /settings\.conf:2: warning: settings\.strict\.apply\.actions: has reject at 5 below add header/);
  assert.match(
    stdout,
    /command line: warning: milter\.settings_id: the settings "strct" are not in the section settings/,
  );
  assert.match(stdout, /traps:3: warning: "@" is no address/);
  assert.match(stdout, /0 errors, 3 warnings/);
  const { stdout: sound } = await sluice([...args, "--set", "milter.settings_id=strict"]);
  assert.doesNotMatch(sound, /settings_id/);
});

test("config check on a folder of Rspamd: what the operator wrote without effect comes before what the package has", async (context) => {
  const folder = makeFolder(context, {
    "rspamd.conf":
      'multimap { .include(try=true; priority=1,duplicate=merge) "$LOCAL_CONFDIR/local.d/multimap.conf"\n }\ndcc { }',
    "local.d/multimap.conf": '\nBLOCKED { type = "ip"; map = "/etc/blocked" }',
    "rspamd.local.lua": "",
  });
  const { code, stdout } = await sluice(["config", "check", "--config", folder]);
  assert.equal(code, 0, stdout);
  assert.deepEqual(stdout.replaceAll(`${folder}/`, "").trim().split("\n"), [
    "Not supported yet, without effect (2):",
    "  multimap  local.d/multimap.conf:2",
    "  rspamd.local.lua  rspamd.local.lua",
    "The same of files that come with Rspamd (1):",
    "  dcc  rspamd.conf:3",
    "0 errors, 0 warnings, 3 not supported yet",
  ]);
});
