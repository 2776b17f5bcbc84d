// House rules: what keeps the tree findable and the parts apart.

import assert from "node:assert/strict";
import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { test } from "node:test";
import { loadServices } from "../bin/services.ts";
import { orderByNeeds } from "../shared/answer.ts";
import { parseCases } from "../shared/testing.ts";

const root = resolve(import.meta.dirname, "..");
const sources = globSync("{bin,shared,services,test}/**/*.ts", { cwd: root });
const { actors } = await loadServices();
const folderOf = (actor: { name: string }) => resolve(root, "services", actor.name);

function importsOf(file: string): readonly { readonly from: string; readonly typeOnly: boolean }[] {
  const text = readFileSync(resolve(root, file), "utf8");
  const found = [];
  for (const [, clause = "", from = ""] of text.matchAll(/^(?:import|export)\s+([^"';]*?)\s*from\s+"([^"]+)"/gms)) {
    found.push({ from, typeOnly: clause.startsWith("type ") });
  }
  for (const [, from = ""] of text.matchAll(/import\("([^"]+)"\)/g)) found.push({ from, typeOnly: false });
  return found;
}

test("no file is longer than 400 lines", () => {
  const long = sources.filter((file) => readFileSync(resolve(root, file), "utf8").split("\n").length > 401);
  assert.deepEqual(long, []);
});

test("only types are imported from one service to another, and shared/ imports no service", () => {
  const wrong = [];
  for (const file of sources) {
    if (file.startsWith("test/") || file.startsWith("bin/")) continue;
    const own = file.split("/").slice(0, 2).join("/");
    for (const { from, typeOnly } of importsOf(file)) {
      if (!from.startsWith(".")) continue;
      const target = resolve(root, dirname(file), from).slice(root.length + 1);
      if (!target.startsWith("services/") || target.startsWith(`${own}/`)) continue;
      if (file.startsWith("shared/") || !typeOnly) wrong.push(`${file} imports ${target}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test("every symbol has one owner", () => {
  const owners = new Map<string, string>();
  for (const actor of actors) {
    for (const check of actor.checks) {
      for (const symbol of Object.keys(check.symbols)) {
        assert.equal(owners.get(symbol), undefined, `${symbol} belongs to ${owners.get(symbol)} and ${check.name}`);
        owners.set(symbol, check.name);
      }
    }
  }
});

test("every check has one name, and needs exist and go round in no circle", () => {
  const checks = actors.flatMap((actor) => actor.checks);
  const names = checks.map((check) => check.name);
  assert.equal(new Set(names).size, names.length);
  for (const check of checks) for (const need of check.needs) assert.ok(names.includes(need), `${check.name}: ${need}`);
  orderByNeeds(checks);
});

test("checks that find URLs, and those that look at them, are filters", () => {
  for (const check of actors.flatMap((actor) => actor.checks)) {
    if (check.bringsUrls || check.followsUrls) assert.equal(check.stage, "filter", check.name);
  }
});

test("an actor names every section that its checks read", () => {
  for (const actor of actors) {
    for (const check of actor.checks) {
      for (const [name, section] of Object.entries(check.config)) assert.equal(actor.config[name], section, check.name);
    }
  }
});

test("an actor's folder carries its name and has a README and cases", () => {
  for (const actor of actors) {
    assert.ok(existsSync(resolve(folderOf(actor), "actor.ts")), `services/${actor.name}/actor.ts`);
    assert.ok(readdirSync(resolve(folderOf(actor), "cases")).some((file) => file.endsWith(".case")));
    const readme = readFileSync(resolve(folderOf(actor), "README.md"), "utf8");
    for (const heading of ["## Checks", "## Configuration", "## Cases"]) assert.ok(readme.includes(heading), heading);
  }
});

test("every symbol that an actor declares is expected by one of its cases", () => {
  for (const actor of actors) {
    const expected = new Set<string>();
    for (const file of globSync("cases/**/*.case", { cwd: folderOf(actor) })) {
      const text = readFileSync(resolve(folderOf(actor), file), "utf8");
      for (const { expect } of parseCases(text, file)) for (const { symbol } of expect) expected.add(symbol);
    }
    const declared = actor.checks.flatMap((check) => Object.keys(check.symbols));
    assert.deepEqual(
      declared.filter((symbol) => !expected.has(symbol)),
      [],
      actor.name,
    );
  }
});

test("everything that is declared says what it is about", () => {
  for (const actor of actors) {
    for (const check of actor.checks) {
      assert.ok(check.about.length > 10, check.name);
      for (const [name, symbol] of Object.entries(check.symbols)) assert.ok(symbol.about.length > 10, name);
    }
  }
});

test("no file has a name that says nothing", () => {
  const vague = sources.filter((file) => /(^|\/)(utils?|helpers?|common|manager|index|misc)(\.test)?\.ts$/.test(file));
  assert.deepEqual(vague, []);
});

test("every link between documents leads to a file", () => {
  const documents = globSync("{*.md,{bin,docs,services,shared,test}/**/*.md}", { cwd: root });
  const broken = documents.flatMap((document) => {
    const text = readFileSync(resolve(root, document), "utf8");
    const targets = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, target = ""]) => target);
    const missing = targets.filter((target) => !existsSync(resolve(root, dirname(document), target)));
    return missing.map((target) => `${document}: ${target}`);
  });
  assert.deepEqual(broken, []);
});
