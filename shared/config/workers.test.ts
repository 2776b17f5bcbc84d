import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { makeFolder } from "./folder.testing.ts";
import { load } from "./load.ts";
import { describeProblem } from "./problem.ts";
import * as schema from "./schema.ts";

const sockets = (fallback: string) => schema.list(schema.text("", ""), [fallback], "");
const sections = {
  options: schema.section("", { one: schema.number(1, "") }),
  http: schema.section("", {
    scan: schema.section("", { bind_socket: sockets("scan") }),
    controller: schema.section("", { bind_socket: sockets("controller"), password: schema.text("", "") }),
    timeout: schema.duration(60_000, ""),
    max_message: schema.bytes(50, ""),
  }),
  milter: schema.section("", {
    milter: schema.flag(true, ""),
    bind_socket: sockets("milter"),
    spam_header: schema.text("X-Spam", ""),
    max_message: schema.bytes(50, ""),
  }),
};

function loaded(context: TestContext, files: Readonly<Record<string, string>>, overrides: readonly string[] = []) {
  const folder = makeFolder(context, files);
  const answer = load({ folder, sections, overrides, environment: {} });
  return {
    values: answer.values,
    traces: answer.traces,
    problems: answer.problems.map((problem) => describeProblem(problem).replaceAll(`${folder}/`, "")),
    unsupported: answer.unsupported.map(({ name }) => name),
    folder,
  };
}

test("what Rspamd's workers say goes to the sections of the services, layer by layer", (context) => {
  const { values, problems, unsupported, traces, folder } = loaded(context, {
    "sluice.conf": `worker "normal" { bind_socket = "localhost:1"; timeout = 5s; count = 4 }
      worker "rspamd_proxy" { bind_socket = "localhost:2"; spam_header = X-A; upstream "local" { self_scan = yes } }`,
    "local.d/worker-normal.inc": 'bind_socket = "*:3"',
    "local.d/worker-proxy.inc": "bind_socket = [a, b]; spam_header = X-B;",
    "override.d/worker-controller.inc": "password = x;\nmax_retries = 2",
  });
  assert.deepEqual(problems, []);
  assert.deepEqual(values, {
    options: { one: 1 },
    http: {
      scan: { bind_socket: ["*:3"] },
      controller: { bind_socket: ["controller"], password: "x" },
      timeout: 5000,
      max_message: 50,
    },
    milter: { milter: true, bind_socket: ["a", "b"], spam_header: "X-B", max_message: 50 },
  });
  assert.deepEqual(unsupported.sort(), [
    "worker.controller.max_retries",
    "worker.normal.count",
    "worker.rspamd_proxy.upstream",
  ]);
  const password = traces.find(({ path }) => path.join(".") === "http.controller.password");
  assert.deepEqual(password?.chain?.[0]?.origin, {
    file: join(folder, "override.d/worker-controller.inc"),
    line: 1,
    priority: 10,
  });
});

test("a worker that is off listens nowhere", (context) => {
  const { values, problems } = loaded(context, {
    "sluice.conf": `worker "normal" { bind_socket = "localhost:1" }
      worker "rspamd_proxy" { bind_socket = "localhost:2"; count = -1 }
      worker "controller" { enabled = yes }`,
    "local.d/worker-normal.inc": "enabled = false;",
  });
  assert.deepEqual(problems, []);
  assert.deepEqual(values.http, {
    scan: { bind_socket: [] },
    controller: { bind_socket: ["controller"], password: "" },
    timeout: 60_000,
    max_message: 50,
  });
  assert.deepEqual(values.milter, { milter: true, bind_socket: [], spam_header: "X-Spam", max_message: 50 });
});

test("a worker of another kind, a second one of a kind, and one with the type inside", (context) => {
  const { values, problems, unsupported } = loaded(context, {
    "sluice.conf": `worker { type = "normal"; bind_socket = a }
      worker "normal" { bind_socket = b }
      worker "fuzzy" { count = -1 }`,
  });
  assert.deepEqual(problems, []);
  assert.deepEqual(unsupported, ["worker.normal", "worker.fuzzy"]);
  assert.match(JSON.stringify(values.http), /"bind_socket":\["a"\]/);
});

test("mistakes in workers are told with file, line and the nearest name", (context) => {
  const { problems } = loaded(context, {
    "sluice.conf": 'worker "nomal" { }\nworker = 5',
    "local.d/worker-normal.inc": "\nbind_sockt = x\nenabled = perhaps",
    "local.d/worker-proxy.inc": "spam_header = []\nmilter = 7",
  });
  assert.deepEqual(problems, [
    "local.d/worker-normal.inc:2: error: worker.normal has no key bind_sockt (nearest: bind_socket)",
    'local.d/worker-normal.inc:3: error: worker.normal.enabled must be yes or no, not "perhaps"',
    "local.d/worker-proxy.inc:1: error: milter.spam_header takes one value, not a list",
    "local.d/worker-proxy.inc:2: error: milter.milter must be yes or no, not 7",
    "sluice.conf:1: error: there is no worker nomal (nearest: normal)",
    'sluice.conf:2: error: worker is a section with a name: write worker "normal" { ... }',
  ]);
});

test("the same value in a worker and in the section of the service is told; the higher layer counts", (context) => {
  const twice = loaded(context, { "sluice.conf": "http { timeout = 1s }\nworker normal { timeout = 2s }" });
  assert.equal(twice.problems.length, 1);
  assert.match(twice.problems[0] ?? "", /http\.timeout takes one value but is given 2 times: .*:1 and .*:2/);
  const higher = loaded(context, {
    "sluice.conf": "worker normal { timeout = 2s }",
    "local.d/http.conf": "timeout = 3s",
  });
  assert.deepEqual(higher.problems, []);
  assert.match(JSON.stringify(higher.values.http), /"timeout":3000/);
  const line = loaded(context, { "local.d/worker-normal.inc": "timeout = 2s" }, ["worker.normal.timeout=4s"]);
  assert.match(JSON.stringify(line.values.http), /"timeout":4000/);
});

test("without services that listen, workers are unsupported", () => {
  const { unsupported, problems } = load({
    sections: { options: sections.options },
    overrides: ["worker.normal.timeout=1s"],
    environment: {},
  });
  assert.deepEqual([problems, unsupported.map(({ name }) => name)], [[], ["worker"]]);
});
