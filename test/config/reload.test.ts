// Configuration of a running Sluice: changes take effect between two mails, broken ones do not, and no mail notices.

import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type Answer, makeSite, type Serving, serve } from "./serving.ts";

const mail = "From: Anna <anna@example.org>\r\nSubject: lunch\r\n\r\nAt noon?\r\n";

/** Scans one mail after the other, four at a time, until told to stop. */
function scanAlways(serving: Serving) {
  const answers: Answer[] = [];
  let isOver = false;
  const lanes = Array.from({ length: 4 }, async () => {
    while (!isOver) answers.push(await serving.scan(mail));
  });
  return {
    async stop(): Promise<readonly Answer[]> {
      isOver = true;
      await Promise.all(lanes);
      return answers;
    },
  };
}

/** Waits until mails are judged so; the limit of the test run ends it when they never are. */
async function until(serving: Serving, holds: (answer: Answer) => boolean): Promise<void> {
  while (!holds(await serving.scan(mail)));
}

function makeTestSite(context: TestContext, files: Readonly<Record<string, string>>) {
  const site = makeSite(files);
  context.after(() => site.close());
  return site;
}

test("changes take effect while mails are scanned, broken ones change nothing, no mail is lost", async (context) => {
  const site = makeTestSite(context, { "local.d/actions.conf": "reject = 15;" });
  const serving = await serve(site);
  const mails = scanAlways(serving);
  const kept = "the changed configuration has errors: the one before stays in force";
  try {
    await until(serving, ({ required }) => required === 15);
    site.write("local.d/actions.conf", "reject = 11;");
    await until(serving, ({ required }) => required === 11);
    assert.equal(
      (await serving.logged(({ msg }) => msg === "configuration read again")).msg,
      "configuration read again",
    );

    const broken: readonly (readonly [string, string, string, RegExp, number])[] = [
      ["local.d/actions.conf", "reject = 9;\nadd_header = ;", "", /add_header has no value/, 2],
      ["local.d/actions.conf", "reject = 9;\ngreylist = lots;", "", /actions\.greylist must be a number/, 2],
      [
        "local.d/options.inc",
        "log_addresses = yes;\ntask_timout = 5s;",
        "task_timeout",
        /options has no key task_timout/,
        2,
      ],
      [
        "local.d/composites.conf",
        'A { expression = "B"; }\nB { expression = "A"; }',
        "",
        /composites\.A: composites go round in a circle: A refers to B refers to A/,
        1,
      ],
      [
        "local.d/force_actions.conf",
        'rules {\n  R {\n    action = reject;\n    expression = "A & (";\n  }\n}',
        "",
        /force_actions\.rules\.R\.expression/,
        4,
      ],
      ["local.d/options.inc", 'local_addrs = [\n  10.0.0.0/8,\n  "10.0.0.0/99"\n];', "", /options\.local_addrs/, 3],
    ];
    for (const [path, text, nearest, message, line] of broken) {
      site.write(path, text);
      const said = await serving.logged(({ msg }) => message.test(msg));
      assert.deepEqual([said.file, said.line, said.nearest ?? ""], [join(site.folder, path), line, nearest]);
      await serving.logged(({ msg }) => msg === kept);
      assert.equal((await serving.scan(mail)).required, 11);
      site.write(path, path === "local.d/actions.conf" ? "reject = 11;" : "");
      await serving.logged(({ msg }) => msg === "configuration read again");
    }

    site.write("local.d/composites.conf", 'SITE_PLAIN { expression = "MISSING_MID"; score = 0.5; }');
    await until(serving, ({ symbols }) => symbols.includes("SITE_PLAIN"));
    site.write("override.d/actions.conf", "reject = 8;");
    await until(serving, ({ required }) => required === 8);
  } finally {
    const answers = await mails.stop();
    assert.equal(await serving.stop(), 0);
    assert.ok(answers.length > 20, `only ${answers.length} mails`);
    assert.deepEqual(
      answers.filter(({ status, action }) => status !== 200 || action === undefined || action === "soft reject"),
      [],
    );
    assert.deepEqual([...new Set(answers.map(({ required }) => required))], [15, 11, 8]);
  }
});

test("a mistake at start ends it with 78, and says file, line and the nearest name", async (context) => {
  const site = makeTestSite(context, { "local.d/milter.conf": "# ours\nbind_sockt = x;" });
  const { code, said } = await site.run(["serve"]);
  assert.equal(code, 78);
  const place = join(site.folder, "local.d/milter.conf");
  assert.ok(said.includes(`${place}:2: milter has no key bind_sockt (nearest: bind_socket)`), said);
});

test("what only shows when values are taken together ends it with 78, too, and check tells it", async (context) => {
  const site = makeTestSite(context, {
    "local.d/composites.conf": '\nLOOP { expression = "LOOP & MISSING_TO"; }',
    "local.d/options.inc": "required_checks = [NO_SUCH_CHECK];",
  });
  const started = await site.run(["serve"]);
  const checked = await site.run(["config", "check"]);
  for (const { code, said } of [started, checked]) {
    assert.equal(code, 78);
    assert.match(said, /local\.d\/composites\.conf:2: .*go round in a circle: LOOP refers to LOOP/);
    assert.match(said, /local\.d\/options\.inc:1: .*there is no check NO_SUCH_CHECK/);
  }
});

test("a password hash of Rspamd's is refused with the command that makes a new one", async (context) => {
  const site = makeTestSite(context, {
    "local.d/worker-controller.inc": "bind_socket = a;\npassword = '$2$salt$hash';",
  });
  const { code, said } = await site.run(["config", "check"]);
  assert.equal(code, 78);
  assert.match(said, /worker-controller\.inc:2: error: http\.controller\.password .*"\$2\$".*sluice password/);
});
