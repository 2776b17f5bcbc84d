import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { dumpJson, dumpText, dumpValues } from "./dump.ts";
import { makeFolder } from "./folder.testing.ts";
import { load } from "./load.ts";
import * as schema from "./schema.ts";
import { parseUcl } from "./ucl.ts";

const sections = {
  greylist: schema.section("", {
    timeout: schema.duration(300_000, "How long."),
    size: schema.bytes(10_240, ""),
    whitelist: schema.list(schema.text("", ""), ["a"], ""),
    redis: schema.section("", { password: schema.text("", ""), db: schema.number(0, "") }),
  }),
  rates: schema.table(schema.duration(0, ""), {}, ""),
  rules: schema.custom<unknown>(new Map(), "", (value) => value),
};

function loaded(context: TestContext) {
  const folder = makeFolder(context, {
    "local.d/greylist.conf": "timeout = 90s;\nredis { password = hunter2 }",
    "override.d/greylist.conf": "whitelist = [x,\ny z]",
    "sluice.conf": 'rates {\n "a b" = 1d }\nrules {\n x { api_key = k; y = [1] } x = 2 }',
  });
  const answer = load({ folder, sections, overrides: ["greylist.redis.db=3"], environment: {} });
  assert.deepEqual(answer.problems, []);
  return { answer, without: (text: string) => text.replaceAll(`${folder}/`, "") };
}

test("the text shows every value with its origin, and can be read again", (context) => {
  const { answer, without } = loaded(context);
  const text = without(dumpText(answer));
  assert.equal(
    text,
    `greylist {
  timeout = 90s; # local.d/greylist.conf:1
  size = 10kb; # default
  whitelist = ["x", "y z"]; # override.d/greylist.conf:1, override.d/greylist.conf:2
  redis {
    password = "***"; # local.d/greylist.conf:2
    db = 3; # command line
  }
}
rates {
  "a b" = 1d; # sluice.conf:2
}
rules { # sluice.conf:3
  x { # sluice.conf:4
    api_key = "***"; # sluice.conf:4
    y = [1]; # sluice.conf:4
  }
  x = 2; # sluice.conf:4
}
`,
  );
  assert.deepEqual(parseUcl(text).rates, { "a b": 86_400 });
});

test("one section, secrets shown where they are asked for, defaults that have no text", (context) => {
  const { answer, without } = loaded(context);
  assert.equal(without(dumpText(answer, { names: ["rates"] })), 'rates {\n  "a b" = 1d; # sluice.conf:2\n}\n');
  assert.match(dumpText(answer, { secrets: true }), /password = "hunter2";/);
  assert.match(dumpText(answer, { secrets: true }), /api_key = "k";/);
  const empty = load({ sections, environment: {} });
  assert.match(dumpText(empty), /^# rules has its default$/m);
  for (const none of ["none", "greylis", "greylist.time"]) assert.equal(dumpText(empty, { names: [none] }), "", none);
});

test("a value has a name of its own, and what it is made of is shown with it", (context) => {
  const { answer } = loaded(context);
  const namesOf = (name: string) => dumpValues(answer, { names: [name] }).map((value) => value.name);
  assert.deepEqual(namesOf("greylist.timeout"), ["greylist.timeout"]);
  assert.ok(namesOf("greylist.redis").length > 1);
  assert.deepEqual(namesOf("rules.inside.of.it"), ["rules"]);
});

test("what a value means stands above it where that is asked for", (context) => {
  const text = dumpText(loaded(context).answer, { names: ["greylist.timeout"], about: true });
  assert.match(text, /^greylist \{\n {2}# How long\.\n {2}timeout = .+\n\}\n$/);
});

test("the JSON holds the values as services see them", (context) => {
  const { answer, without } = loaded(context);
  const values = JSON.parse(without(dumpJson(answer, { names: ["greylist"] })));
  assert.deepEqual(values, [
    { name: "greylist.timeout", value: 90_000, origin: "local.d/greylist.conf:1" },
    { name: "greylist.size", value: 10_240, origin: "default" },
    {
      name: "greylist.whitelist",
      value: ["x", "y z"],
      origin: "override.d/greylist.conf:1, override.d/greylist.conf:2",
    },
    { name: "greylist.redis.password", value: "***", origin: "local.d/greylist.conf:2" },
    { name: "greylist.redis.db", value: 3, origin: "command line" },
  ]);
  const [rules] = dumpValues(answer, { names: ["rules"] });
  assert.deepEqual(rules?.value, { x: [{ api_key: "***", y: [1] }, 2] });
});

test("a custom value with a print is shown as it is in effect, each part with its origin", (context) => {
  interface Limits {
    readonly rules: readonly { readonly name: string; readonly limit: number | null }[];
  }
  const limits = schema.custom<Limits>(
    { rules: [{ name: "add_header", limit: 6 }] },
    "",
    () => ({
      rules: [
        { name: "add_header", limit: 5 },
        { name: "reject", limit: null },
      ],
    }),
    ({ rules }) => Object.fromEntries(rules.map(({ name, limit }) => [name, limit])),
  );
  const address = schema.custom(
    { port: 1 },
    "",
    (value) => ({ port: Number(value) }),
    ({ port }) => `*:${port}`,
  );
  const own = { limits, sockets: schema.section("", { bind: schema.list(address, [{ port: 1 }], "") }) };
  const folder = makeFolder(context, { "local.d/limits.conf": '"add header" = 5' });
  assert.equal(
    dumpText(load({ sections: own, environment: {} })),
    'limits {\n  add_header = 6; # default\n}\nsockets {\n  bind = ["*:1"]; # default\n}\n',
  );
  const given = load({ folder, sections: own, overrides: ["sockets.bind=7"], environment: {} });
  assert.equal(
    dumpText(given).replaceAll(`${folder}/`, ""),
    `limits {
  add_header = 5; # local.d/limits.conf:1
  reject = null; # default
}
sockets {
  bind = ["*:7"]; # command line
}
`,
  );
  assert.deepEqual(
    dumpValues(given).map(({ value }) => value),
    [{ add_header: 5, reject: null }, ["*:7"]],
  );
});
