import assert from "node:assert/strict";
import { test } from "node:test";
import type { Actor } from "../../shared/actor.ts";
import { answering } from "../../shared/answer.ts";
import { openLocalBus } from "../../shared/bus/local.ts";
import { defineCheck } from "../../shared/check.ts";
import { configOf } from "../../shared/config/live.ts";
import { silent } from "../../shared/log.ts";
import { urlsOfReferences } from "../../shared/message/url.ts";
import { actorSubject } from "../../shared/question.ts";
import type { Url } from "../../shared/task.ts";
import type { Workplace } from "../../shared/visit.ts";
import { Breaker } from "./breaker.ts";
import { config } from "./config.ts";
import { foundUrls } from "./found-urls.ts";
import { makePolicy } from "./policy.ts";
import { type Surroundings, scan } from "./scan.ts";

declare module "../../shared/check.ts" {
  interface Findings {
    FIND_CHECK: { readonly urls: readonly Url[] };
  }
}

const urlsOf = (...written: string[]) => urlsOfReferences(written, "qr", 1, { urls: 10, emails: 0 });

/** A site with a check that finds URLs, one that looks at them, and one that has given a score before. */
async function site(found: readonly Url[], before = 0) {
  const looked: string[][] = [];
  let finds = 0;
  const finder = defineCheck({
    name: "FIND_CHECK",
    about: "Finds URLs in this test.",
    stage: "filter",
    cost: "heavy",
    group: "test",
    reads: ["headers"],
    bringsUrls: true,
    symbols: { FOUND: { score: 0, about: "A URL was found." } },
    run() {
      finds++;
      return { urls: found };
    },
  });
  const looker = defineCheck({
    name: "LOOK_CHECK",
    about: "Looks at URLs in this test.",
    stage: "filter",
    group: "test",
    reads: ["urls", "text"],
    followsUrls: true,
    symbols: { BAD: { score: 10, about: "A URL is bad." } },
    run({ urls, text }, ctx) {
      looked.push([...urls.map(({ host }) => host), `${text.length} texts`]);
      for (const { host } of urls) if (host.startsWith("bad")) ctx.hit("BAD", { options: [host] });
    },
  });
  const earlier = defineCheck({
    name: "EARLIER_CHECK",
    about: "Gives a score in this test.",
    stage: "pre",
    group: "test",
    reads: ["headers"],
    symbols: { EARLIER: { score: before, about: "A score." } },
    run: (_, ctx) => ctx.hit("EARLIER"),
  });
  const make = (name: string, ...checks: Actor["checks"]): Actor => {
    return { name, about: name, checks, config: {}, slots: 4, deadline: 1_000, reaches: [] };
  };
  const actors = [make("files", finder), make("content", looker, earlier)];
  const bus = openLocalBus({ freeze: true });
  const place = { config: configOf({}, ""), log: silent } as unknown as Workplace;
  for (const one of actors) await bus.serve(actorSubject(one.name), { slots: 4 }, answering(one, place));
  const policy = makePolicy(actors, configOf(config, "").get(config));
  const around = { bus, log: silent, breaker: new Breaker(() => policy.breaker), now: () => 0 };
  const raw = Buffer.from("From: a@example.org\r\n\r\nSee http://good.example.org/ for more.\r\n");
  const request = { id: "1", envelope: { rcpts: [] }, facts: { raw } };
  const { verdict } = await scan(request, policy, around as unknown as Surroundings, {
    deadline: Date.now() + 9_000,
    trace: undefined,
  });
  return { verdict, looked, finds };
}

test("URLs that are found are looked at by themselves, and are in the verdict", async () => {
  const { verdict, looked } = await site(urlsOf("http://bad.example.net/", "http://good.example.org/"));
  assert.deepEqual(looked, [
    ["good.example.org", "1 texts"],
    ["bad.example.net", "0 texts"],
  ]);
  assert.deepEqual(
    verdict.symbols.map(({ name, options }) => [name, ...options]),
    [["BAD", "bad.example.net"], ["EARLIER"]],
  );
  assert.equal(verdict.action, "add header");
  assert.deepEqual(
    verdict.urls.map(({ host }) => host),
    ["good.example.org", "bad.example.net"],
  );
});

test("nothing is asked again when nothing new is found", async () => {
  assert.equal((await site([])).looked.length, 1);
  assert.equal((await site(urlsOf("http://good.example.org/"))).looked.length, 1);
});

test("whoever may find URLs is asked as long as what they lead to may matter", async () => {
  const found = urlsOf("http://bad.example.net/");
  // From 15 on a message is rejected, and nothing takes away.
  assert.deepEqual((({ finds, looked }) => [finds, looked.length])(await site(found, 14)), [1, 2]);
  assert.deepEqual((({ finds, looked }) => [finds, looked.length])(await site(found, 15)), [0, 1]);
});

test("findings of any form", () => {
  const [url] = urlsOf("http://bad.example.net/");
  const many = Array.from({ length: 600 }, (_, i) => ({ ...url, url: `http://a.example.net/${i}` }));
  assert.deepEqual(foundUrls({ B: { urls: [url, url] }, A: null, C: 1, D: { urls: "x" } }, []), [url]);
  assert.deepEqual(foundUrls({ A: { urls: [null, {}, "x", { ...url, flags: [1] }, { ...url, port: "80" }] } }, []), []);
  assert.equal(foundUrls({ A: { urls: many } }, []).length, 500);
});
