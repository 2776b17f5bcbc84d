import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { makeFolder } from "./folder.testing.ts";
import { load } from "./load.ts";
import * as schema from "./schema.ts";

const sections = {
  options: schema.section("", { one: schema.number(1, "") }),
  http: schema.section("", { max_message: schema.bytes(50, "") }),
  milter: schema.section("", { max_message: schema.bytes(50, "") }),
  group: schema.table(
    schema.custom<unknown>(null, "", (value) => value),
    {},
    "",
  ),
};

function loaded(context: TestContext, files: Readonly<Record<string, string>>) {
  const folder = makeFolder(context, files);
  const { values, problems, unsupported } = load({ folder, sections, environment: {} });
  return { values, problems, unsupported: unsupported.map(({ name }) => name) };
}

test("options.max_message is for every gateway that does not say otherwise", (context) => {
  const { values, problems, unsupported } = loaded(context, {
    "local.d/options.inc": "max_message = 70; one = 2; cache_file = x",
    "local.d/milter.conf": "max_message = 60",
  });
  assert.deepEqual(problems, []);
  assert.deepEqual(unsupported, ["options.cache_file"]);
  assert.deepEqual([values.http, values.milter], [{ max_message: 70 }, { max_message: 60 }]);
  assert.deepEqual(values.options, { one: 2 });
});

test("scores outside of any group are of the group ungrouped, which comes last", (context) => {
  const { values, problems } = loaded(context, {
    "local.d/groups.conf": "symbols { A { weight = 2 } }\ngroup one { symbols { A { weight = 1 } } }",
    "override.d/groups.conf": "symbols { A { weight = 3 } }",
  });
  assert.deepEqual(problems, []);
  assert.deepEqual(values.group, {
    one: { symbols: { A: { weight: 1 } } },
    ungrouped: { symbols: { A: { weight: 3 } } },
  });
});
