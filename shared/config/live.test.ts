import assert from "node:assert/strict";
import { rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Fault } from "../fault.ts";
import { makeFolder, writeIn } from "./folder.testing.ts";
import { configOf, loadConfig, openConfig, type Reload } from "./live.ts";
import { type LoadOptions, load } from "./load.ts";
import { duration, number, section, table } from "./schema.ts";

const greylist = section("", { timeout: duration(300_000, "") });
const content = section("", { limit: number(1, "") });
const sections = { greylist, content };

test("configOf makes a configuration from a text", () => {
  const config = configOf(sections, "greylist { timeout = 10s }");
  assert.equal(config.get({ greylist }).greylist.timeout, 10_000);
  assert.equal(config.get(sections).content.limit, 1);
  assert.equal(config.get(sections), config.get(sections));
  assert.equal(configOf(sections).get(sections).greylist.timeout, 300_000);
});

test("configOf refuses what openConfig would refuse", () => {
  for (const text of ["greylist { timout = 1s }", "greylist {", "bananas { }"]) {
    assert.throws(() => configOf(sections, text), { code: "bad-config" });
  }
});

test("asking for a section that was not declared is a mistake of the program", () => {
  const other = section("", {});
  assert.throws(() => configOf(sections).get({ other }), Fault);
  assert.throws(() => configOf(sections).get({ greylist: other }), Fault);
});

test("loadConfig returns problems instead of throwing them", (context) => {
  const folder = makeFolder(context, { "local.d/greylist.conf": "timout = 1s\nkey_prefix = x" });
  const { config, problems, unsupported } = loadConfig({ folder, sections, overrides: ["content.limit=7"] });
  assert.deepEqual(config.get(sections), { greylist: { timeout: 300_000 }, content: { limit: 7 } });
  assert.deepEqual(problems, [
    {
      severity: "error",
      file: join(folder, "local.d/greylist.conf"),
      line: 1,
      message: "greylist has no key timout",
      nearest: "timeout",
    },
  ]);
  assert.deepEqual(
    unsupported.map(({ name }) => name),
    ["greylist.key_prefix"],
  );
});

test("loadConfig without a folder, and with one that is not there, has the defaults", () => {
  for (const folder of [undefined, "/nonexistent/sluice"]) {
    const { config, problems } = loadConfig({ folder, sections });
    assert.deepEqual([problems, config.get(sections).content.limit], [[], 1]);
  }
});

test("openConfig throws one fault with a line for each error", (context) => {
  const folder = makeFolder(context, { "local.d/greylist.conf": "timout = 1s", "local.d/content.conf": "limit = x" });
  assert.throws(
    () => openConfig({ folder, sections, watch: false }),
    (error) =>
      error instanceof Fault &&
      error.code === "bad-config" &&
      error.message ===
        `${folder}/local.d/content.conf:1: content.limit must be a number, not "x"\n` +
          `${folder}/local.d/greylist.conf:1: greylist has no key timout (nearest: timeout)`,
  );
});

/** Opens a watched folder; `next` resolves with the next reload. */
function open(context: TestContext, files: Record<string, string>) {
  const folder = makeFolder(context, files);
  let resolve: (reload: Reload) => void = () => undefined;
  let promise = new Promise<Reload>((done) => {
    resolve = done;
  });
  const config = openConfig({ folder, sections, watch: true, onReload: (reload) => resolve(reload) });
  context.after(() => config.close());
  const next = async () => {
    const reload = await promise;
    promise = new Promise((done) => {
      resolve = done;
    });
    return reload;
  };
  return { folder, config, next };
}

test("a good change swaps all values and tells the listeners; a broken one keeps them", async (context) => {
  const { folder, config, next } = open(context, { "local.d/greylist.conf": "timeout = 1s" });
  // Watching does not keep a process alive, so the test must.
  const alive = setInterval(() => undefined, 1000);
  context.after(() => clearInterval(alive));
  let changes = 0;
  const stop = config.onChange(() => changes++);
  const before = config.get(sections);
  assert.equal(before.greylist.timeout, 1000);

  writeIn(folder, "local.d/greylist.conf", "timeout = 2s");
  assert.equal((await next()).accepted, true);
  assert.equal(config.get(sections).greylist.timeout, 2000);
  assert.equal(before.greylist.timeout, 1000);
  assert.equal(changes, 1);

  writeIn(folder, "local.d/greylist.conf", "timeout = ;");
  const broken = await next();
  assert.equal(broken.accepted, false);
  assert.equal(broken.problems[0]?.message, "timeout has no value");
  assert.equal(config.get(sections).greylist.timeout, 2000);
  assert.equal(changes, 1);

  // A file in a folder that was not there before, and one that goes away.
  rmSync(join(folder, "local.d/greylist.conf"));
  writeIn(folder, "override.d/content.conf", "limit = 9");
  while (config.get(sections).content.limit !== 9) await next();
  assert.deepEqual(config.get(sections), { greylist: { timeout: 300_000 }, content: { limit: 9 } });

  stop();
  const told = changes;
  writeIn(folder, "override.d/content.conf", "limit = 10");
  while (config.get(sections).content.limit !== 10) await next();
  assert.equal(changes, told);
});

test("reload reads again at once; what changes nothing tells nobody", (context) => {
  const folder = makeFolder(context, { "sluice.conf": "content { limit = 2 }" });
  const failures: unknown[] = [];
  const config = openConfig({ folder, sections, watch: false, onFailure: (error) => failures.push(error) });
  let changes = 0;
  config.onChange(() => {
    throw new Error("a listener's own trouble");
  });
  config.onChange(() => changes++);
  const before = config.get(sections);
  writeIn(folder, "sluice.conf", "content { limit = 2; } # the same");
  assert.equal(config.reload().accepted, true);
  assert.equal(config.get(sections), before);
  assert.deepEqual([changes, failures.length], [0, 0]);
  writeIn(folder, "sluice.conf", "content { limit = 3 }");
  config.reload();
  assert.equal(config.get(sections).content.limit, 3);
  assert.deepEqual([changes, failures.length], [1, 1]);
  assert.equal(config.latest.problems.length, 0);
});

test("where the system says nothing, a look now and then finds the change", async (context) => {
  // The target of a link lies in a folder that nobody watches.
  const elsewhere = makeFolder(context, { "target.conf": "limit = 4" });
  const folder = makeFolder(context, { "local.d/greylist.conf": "" });
  symlinkSync(join(elsewhere, "target.conf"), join(folder, "local.d/content.conf"));
  const changed = Promise.withResolvers<void>();
  const config = openConfig({ folder, sections, watch: true, pollEvery: 20, onReload: () => changed.resolve() });
  context.after(() => config.close());
  const alive = setInterval(() => undefined, 1000);
  context.after(() => clearInterval(alive));
  assert.equal(config.get(sections).content.limit, 4);
  writeIn(elsewhere, "target.conf", "limit = 55");
  await changed.promise;
  assert.equal(config.get(sections).content.limit, 55);
});

test("what only shows when values are taken together is refused at start and at a change, with its place", (context) => {
  const files = { "sluice.conf": "rules {\n  a.b { x = 1 }\n  c { x = 2 }\n}" };
  const folder = makeFolder(context, files);
  const all = { rules: table(section("", { x: number(0, "") }), {}, "") };
  const validate: LoadOptions["validate"] = (config) => {
    return Object.entries(config.get(all).rules).flatMap(([name, { x }]) =>
      x > 5 ? [new Fault("bad-config", `rules.${name}.x: ${x} is too much: far`)] : [],
    );
  };
  const config = openConfig({ folder, sections: all, watch: false, validate });
  writeIn(folder, "sluice.conf", "rules {\n  a.b { x = 6 }\n  c { x = 2 }\n}");
  const file = join(folder, "sluice.conf");
  const problem = { severity: "error", file, line: 2, message: "rules.a.b.x: 6 is too much: far" };
  assert.deepEqual(config.reload(), { accepted: false, problems: [problem], unsupported: [] });
  assert.equal(config.get(all).rules["a.b"]?.x, 1);
  assert.throws(() => openConfig({ folder, sections: all, watch: false, validate }), { code: "bad-config" });
  const line = load({ sections: all, overrides: ["rules.z.x=9"], validate });
  assert.equal(line.problems[0]?.file, "command line");
  const nowhere = load({ sections: all, validate: () => [new Fault("bad-config", "other: no")] });
  assert.equal(nowhere.problems[0]?.file, "defaults");
});
