// The command line without a running filter: help, wrong usage, what is printed of the declarations and configuration.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { program } from "../servers/sluice.ts";
import { sluice } from "./sluice.ts";

const commands = readdirSync(resolve(import.meta.dirname, "../../bin/commands"))
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
  .map((file) => file.slice(0, -3));

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-cli-"));
});
after(() => rm(folder, { recursive: true, force: true }));

async function configFolder(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(path);
  await writeFile(join(path, "sluice.conf"), text);
  return path;
}

test("the overview names every command", async () => {
  for (const args of [[], ["help"], ["--help"], ["-h"]]) {
    const { code, stdout, stderr } = await sluice(args);
    assert.deepEqual([code, stderr], [0, ""]);
    for (const command of commands) assert.match(stdout, new RegExp(`^  ${command} +\\S`, "m"));
  }
});

test("an unknown command is named, and those that there are", async () => {
  const { code, stdout, stderr } = await sluice(["sacn"]);
  assert.deepEqual([code, stdout], [64, ""]);
  assert.match(stderr, /^sluice: no command "sacn"\. There are: .*scan/);
});

for (const command of commands) {
  test(`${command} --help says how it is used and what its exit codes mean`, async () => {
    const { code, stdout, stderr } = await sluice([command, "--help"]);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.ok(stdout.startsWith(`sluice ${command}`), stdout);
  });

  test(`${command}: an unknown option is wrong usage, in one line and without a stack`, async () => {
    const { code, stdout, stderr } = await sluice([command, "--no-such-option"]);
    assert.deepEqual([code, stdout], [64, ""]);
    assert.doesNotMatch(stderr, /^\s+at /m);
  });
}

test("plan: the stages in their order, and the same as JSON", async () => {
  const { code, stdout } = await sluice(["plan"]);
  assert.equal(code, 0);
  assert.deepEqual(stdout.match(/^(pre|filter|classify|post|sign|idle)/gm), [
    "pre",
    "filter",
    "classify",
    "post",
    "sign",
    "idle",
  ]);
  assert.match(stdout, /^ {4}GTUBE_CHECK +cheap +1 symbols +reads text/m);
  const json: { stage: string; questions: { actor: string }[] }[] = JSON.parse(
    (await sluice(["plan", "--json"])).stdout,
  );
  assert.deepEqual(
    json.map(({ stage }) => stage),
    ["pre", "filter", "classify", "post", "sign", "idle"],
  );
  assert.ok(json[0]?.questions.some(({ actor }) => actor === "content"));
});

test("symbols: all, by part of a name, as JSON, none", async () => {
  const all = await sluice(["symbols"]);
  assert.equal(all.code, 0);
  assert.match(all.stdout, /^GTUBE +0 +gtube +content\/GTUBE_CHECK +\S/m);
  const some = await sluice(["symbols", "gtube", "--json"]);
  const names: string[] = JSON.parse(some.stdout).map(({ symbol }: { symbol: string }) => symbol);
  assert.ok(names.includes("GTUBE") && names.every((name) => name.includes("GTUBE")));
  assert.match((await sluice(["symbols", "GTUBE", "--markdown"])).stdout, /^\| GTUBE \| 0 \|/m);
  const config = await configFolder(
    "symbols",
    'group "headers" { symbols { MISSING_MID = 7.5; } } composites { OWN { expression = "GTUBE & MISSING_MID"; score = 3; } }',
  );
  const configured = JSON.parse((await sluice(["symbols", "--json", "--config", config])).stdout);
  const scored = (name: string) => configured.find(({ symbol }: { symbol: string }) => symbol === name);
  assert.equal(scored("MISSING_MID").score, 7.5);
  assert.deepEqual([scored("OWN").score, scored("OWN").expression], [3, "GTUBE & MISSING_MID"]);
  assert.match(all.stdout, /^FORGED_MUA_MAILLIST +0 +composite +coordinator\/composite +\S.* g:mua & -MAILLIST$/m);
  assert.match(all.stdout, /^CHECK_FAILED +0 +filter +coordinator +\S/m);
  const none = await sluice(["symbols", "NO_SUCH_SYMBOL"]);
  assert.deepEqual([none.code, none.stdout], [1, ""]);
  assert.match(none.stderr, /no symbol is called NO_SUCH_SYMBOL/);
});

test("config check: right, and wrong with file, line and the nearest name", async () => {
  const right = await sluice([
    "config",
    "check",
    "--config",
    await configFolder("right", "actions { reject = 12; }\n"),
  ]);
  assert.equal(right.code, 0, right.stdout);
  assert.match(right.stdout, /^0 errors, 0 warnings, 0 not supported yet$/m);
  const wrongFolder = await configFolder("wrong", "\nmilter { max_mesage = 1mb; }\n");
  const wrong = await sluice(["config", "check", "--config", wrongFolder]);
  assert.equal(wrong.code, 78);
  assert.match(wrong.stdout, /sluice\.conf:2\b.*max_mesage/);
  assert.match(wrong.stdout, /max_message/);
  const json = await sluice(["config", "check", "--json", "--config", wrongFolder]);
  assert.equal(json.code, 78);
  assert.equal(JSON.parse(json.stdout).problems[0].severity, "error");
});

test("config dump: values with their origin, one section, an unknown section", async () => {
  const config = await configFolder("dump", "milter { max_headers = 77; }\n");
  const one = await sluice(["config", "dump", "milter", "--config", config, "--set", "milter.spam_header=X-Junk"]);
  assert.equal(one.code, 0, one.stderr);
  assert.match(one.stdout, /max_headers = 77;.*sluice\.conf:1/);
  assert.match(one.stdout, /spam_header = "?X-Junk"?;/);
  assert.match(one.stdout, /max_message = .*# default/);
  assert.doesNotMatch(one.stdout, /^http/m);
  const json = await sluice(["config", "dump", "milter", "--json", "--config", config]);
  assert.doesNotThrow(() => JSON.parse(json.stdout));
  const none = await sluice(["config", "dump", "mitler", "--config", config]);
  assert.equal(none.code, 1);
  assert.match(none.stderr, /nothing is called "mitler"\. Sections: .*milter/);
});

test("config without check or dump is wrong usage", async () => {
  assert.equal((await sluice(["config"])).code, 64);
  assert.equal((await sluice(["config", "chekc"])).code, 64);
});

test("serve: the roles, and an unknown one", async () => {
  const { code, stdout } = await sluice(["serve", "--roles"]);
  assert.equal(code, 0);
  for (const role of ["coordinator", "http", "milter", "content"])
    assert.match(stdout, new RegExp(`^${role} +\\S`, "m"));
  const unknown = await sluice(["serve", "mitler"]);
  assert.deepEqual([unknown.code, unknown.stdout], [64, ""]);
  assert.match(unknown.stderr, /^sluice: no role "mitler"\. There are: .*milter/);
});

test("serve: a wrong configuration starts nothing", async () => {
  const config = await configFolder("broken", "milter { max_headers = few; }\n");
  const { code, stderr } = await sluice(["serve", "--config", config, "--data", join(folder, "data")]);
  assert.equal(code, 78);
  assert.doesNotMatch(stderr, /^\s+at /m);
});

test("scan: no mail, no such mail, an address that is none, a number that is none", async () => {
  for (const args of [[], ["/no/such/mail"], ["--server", "http://", "-"], ["--parallel", "many", "-"]]) {
    const { code, stdout, stderr } = await sluice(["scan", ...args]);
    assert.deepEqual([code, stdout], [64, ""], args.join(" "));
    assert.match(stderr, /^sluice scan: .+\n$/);
  }
});

test("config: what is no folder is not taken for an empty one", async () => {
  const path = await configFolder("single", "actions { reject = 3; }");
  for (const command of [["config", "check"], ["config", "dump"], ["plan"], ["symbols"], ["serve"]]) {
    const { code, stdout, stderr } = await sluice([...command, "--config", join(path, "sluice.conf")]);
    assert.deepEqual([code, stdout], [78, ""]);
    assert.match(stderr, /sluice\.conf is a file: --config takes the folder, .*single$/m);
  }
  const { code, stderr } = await sluice(["config", "check", path]);
  assert.equal(code, 64);
  assert.match(stderr, /config check takes no .*single; name a folder with --config/);
});

test("serve: a log that cannot be is wrong usage or not available, in one line", async () => {
  const level = await sluice(["serve", "--log", "loud"]);
  assert.deepEqual([level.code, level.stdout], [64, ""]);
  assert.match(level.stderr, /^sluice: --log loud is none of trace, debug, info, warn, error, silent$/m);
  const file = join(folder, "no", "folder", "log");
  for (const workers of [[], ["--workers", "2"]]) {
    const away = await sluice(["serve", "--log-to", file, "--data", join(folder, "data"), ...workers]);
    assert.deepEqual([away.code, away.stdout], [69, ""]);
    assert.match(away.stderr, /^sluice: cannot write the log .*log: ENOENT/m);
    assert.doesNotMatch(away.stderr, /^\s+at /m);
  }
});

test("whoever stops reading ends a command, without a word", async () => {
  const child = spawn(program, ["symbols"], { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.destroy();
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (chunk) => (said += chunk));
  const [code] = await once(child, "close");
  assert.deepEqual([code, said], [141, ""]);
});

test("stat: what is no address is wrong usage", async () => {
  const { code, stderr } = await sluice(["stat", "--server", "http://["]);
  assert.deepEqual([code, stderr], [64, "sluice stat: --server http://[ is no address\n"]);
});

test("scan: what is no address is wrong usage", async () => {
  const { code, stderr } = await sluice(["scan", "--ip", "192.0.2.300", "-"], "Subject: x\n\n");
  assert.deepEqual([code, stderr], [64, "sluice scan: --ip 192.0.2.300 is no IP address\n"]);
});
