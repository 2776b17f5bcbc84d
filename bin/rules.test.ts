import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { type TestContext, test } from "node:test";
import { makeFolder, writeIn } from "../shared/config/folder.testing.ts";
import { loadConfig, type OpenConfig, openConfig } from "../shared/config/live.ts";
import { describeProblem, type Problem } from "../shared/config/problem.ts";
import { configuredNames, startWith, type TestSystem } from "../test/rules-system.ts";
import { declaredSymbols, loadServices, type Services, validateWith } from "./services.ts";

function rule(symbol: string, pattern = "/offer/i", extra = ""): string {
  return `import { defineCheck } from "sluice/check.ts";
export default defineCheck({
  name: "${symbol}_CHECK",
  about: "A rule of this test.",
  stage: "filter",
  group: "site",
  reads: ["headers"],${extra}
  symbols: { ${symbol}: { score: 2, about: "The subject speaks of an offer." } },
  run(task, ctx) {
    if (${pattern}.test(task.headers.subject ?? "")) ctx.hit("${symbol}");
  },
});
`;
}

const mail = { envelope: { rcpts: [] }, raw: Buffer.from("From: a@example.org\r\nSubject: An offer\r\n\r\nHello\r\n") };

interface Site {
  readonly services: Services;
  readonly config: OpenConfig;
  readonly system: TestSystem;
  /** Problems of the next reading. */
  read(): Promise<readonly Problem[]>;
}

async function openSite(context: TestContext, folder: string): Promise<Site> {
  const services = await loadServices([], folder);
  const config = openConfig({
    folder,
    sections: services.sections,
    symbols: declaredSymbols(services),
    validate: validateWith(services),
    environment: {},
    watch: false,
  });
  const told: ((problems: readonly Problem[]) => void)[] = [];
  const heard: (readonly Problem[])[] = [];
  const following = services.rules?.follow(config, (problems) => {
    const tell = told.shift();
    if (tell) tell(problems);
    else heard.push(problems);
  });
  const system = await startWith(services, config);
  context.after(async () => {
    following?.close();
    config.close();
    await system.close();
  });
  const read = () => {
    const early = heard.shift();
    return early ? Promise.resolve(early) : new Promise<readonly Problem[]>((tell) => told.push(tell));
  };
  return { services, config, system, read };
}

const scores = async ({ system }: Site) => {
  const { symbols } = await system.scan(mail);
  return Object.fromEntries(symbols.filter(({ group }) => group === "site").map(({ name, score }) => [name, score]));
};

test("a rule file is a check like ours, and a change of it takes effect", { timeout: 60_000 }, async (context) => {
  const folder = makeFolder(context, { "rules.d/offer.ts": rule("OFFER") });
  const site = await openSite(context, folder);
  assert.deepEqual(await scores(site), { OFFER: 2 });

  writeIn(folder, "rules.d/more.ts", rule("MORE", "/an/i"));
  assert.deepEqual(await site.read(), []);
  assert.deepEqual(await scores(site), { MORE: 2, OFFER: 2 });
  assert.ok(configuredNames(site.services, site.config).has("MORE"));

  writeIn(folder, "rules.d/offer.ts", rule("OFFER", "/nothing/"));
  await site.read();
  assert.deepEqual(await scores(site), { MORE: 2 });

  rmSync(join(folder, "rules.d/more.ts"));
  await site.read();
  assert.deepEqual(await scores(site), {});
});

test("a broken file keeps its old checks and is reported with its line", { timeout: 60_000 }, async (context) => {
  const folder = makeFolder(context, { "rules.d/offer.ts": rule("OFFER"), "rules.d/other.ts": rule("OTHER") });
  const site = await openSite(context, folder);
  writeIn(folder, "rules.d/offer.ts", `${rule("OFFER")}\nconst a = {;\n`);
  const [problem] = await site.read();
  assert.ok(problem);
  assert.match(describeProblem(problem), /rules\.d\/offer\.ts:14: error: offer\.ts is not used\. SyntaxError/);
  assert.deepEqual(await scores(site), { OFFER: 2, OTHER: 2 });
});

const refused: readonly (readonly [string, string, RegExp])[] = [
  ["a name of ours", rule("MISSING_SUBJECT"), /MISSING_SUBJECT belongs to/],
  ["a name of another file", rule("FIRST"), /the name FIRST_CHECK belongs to FIRST_CHECK/],
  ["a check that throws while it loads", `\nthrow new Error("boom");\n`, /bad\.ts:2: .*boom/],
  ["no check", "export const a = 1;\n", /exports no check/],
  ["an unknown fact", rule("X").replace('"headers"', '"headrs"'), /there is no fact "headrs"/],
  ["an unknown stage", rule("X").replace('"filter"', '"filters"'), /there is no stage "filters"/],
  ["an unknown need", rule("X", "/a/", '\n  needs: ["NOBODY"],'), /X_CHECK needs NOBODY, which does not exist/],
  ["a bad symbol", rule("X").replace("score: 2", "score: NaN"), /X has a score/],
  [
    "a need of a later stage",
    rule("X", "/a/", '\n  needs: ["FIRST_CHECK"],').replace('"filter"', '"pre"'),
    /which runs later/,
  ],
  ["an import that is not there", 'import { a } from "./nothing.ts";\nexport default a;\n', /Cannot find module/],
];

for (const [what, text, message] of refused) {
  test(`refuses ${what}, and only the file it is in`, async (context) => {
    const folder = makeFolder(context, {
      "rules.d/a.ts": rule("FIRST"),
      "rules.d/bad.ts": text,
      "rules.d/c.ts": rule("LAST"),
    });
    const { rules } = await loadServices([], folder);
    assert.deepEqual(
      rules?.actor.checks.map(({ name }) => name),
      ["FIRST_CHECK", "LAST_CHECK"],
    );
    assert.equal(rules?.problems.length, 1);
    const [problem] = rules?.problems ?? [];
    assert.ok(problem);
    assert.match(describeProblem(problem), message);
  });
}

test("rules that do not go together with the configuration wait until it is right", {
  timeout: 60_000,
}, async (context) => {
  const composite = 'composites { LATER { expression = "OFFER"; score = 1; group = "site"; policy = leave } }';
  const folder = makeFolder(context, { "sluice.conf": composite, "rules.d/offer.ts": rule("OFFER") });
  const site = await openSite(context, folder);
  writeIn(folder, "rules.d/later.ts", rule("LATER"));
  await site.read();
  assert.deepEqual(await scores(site), { LATER: 1, OFFER: 2 });
  writeIn(folder, "sluice.conf", "options { max_tasks = 32 }");
  site.config.reload();
  await site.read();
  assert.deepEqual(await scores(site), { LATER: 2, OFFER: 2 });
});

test("a rule has its own section, which changes with it", async (context) => {
  const configured = rule(
    "OFFER",
    "ctx.config.offer.words",
    '\n  config: { offer: section("Offers.", { words: custom(/offer/i, "A pattern.", (v) => new RegExp(String(v))) }) },',
  ).replace('check.ts";', 'check.ts";\nimport { custom, section } from "sluice/config/schema.ts";');
  const folder = makeFolder(context, { "rules.d/offer.ts": configured, "local.d/offer.conf": "words = nothing" });
  const services = await loadServices([], folder);
  const { problems } = loadConfig({ folder, sections: services.sections, environment: {} });
  assert.deepEqual(problems, []);
  const site = await openSite(context, folder);
  assert.deepEqual(await scores(site), {});
});

test("the example of docs/hacking.md works", async (context) => {
  const text = readFileSync(resolve(import.meta.dirname, "../docs/hacking.md"), "utf8");
  const [, example] = /`rules\.d\/[^`]*`[^\n]*:\n\n```ts\n(.*?)```/s.exec(text) ?? [];
  assert.ok(example, "docs/hacking.md has an example of a rule file");
  assert.ok(example.split("\n").length <= 25);
  const folder = makeFolder(context, { "rules.d/example.ts": example });
  const site = await openSite(context, folder);
  const raw = Buffer.from("From: Our Director <x@example.net>\r\nSubject: Urgent\r\n\r\nHello\r\n");
  const { symbols } = await site.system.scan({ envelope: { rcpts: [] }, raw });
  assert.equal(symbols.find(({ name }) => name === "SITE_DIRECTOR")?.score, 4);
  assert.equal(site.services.rules?.problems.length, 0);
});
