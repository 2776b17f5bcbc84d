import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { configOf } from "../../shared/config/live.ts";
import { dmarcConfig, type ReportingConfig } from "../../shared/dmarc/config.ts";
import type { DmarcResult } from "../../shared/dmarc/result-job.ts";
import { zoneDns } from "../../shared/dns/zone.testing.ts";
import { analyse } from "../../shared/message/analyse.ts";
import { collect } from "./collect.ts";
import { dayOf } from "./day.ts";
import { checkDestinations } from "./destinations.ts";
import { type DayOutcome, type SendPlace, sendReports } from "./send.ts";
import { type Script, startServer, type TestServer } from "./server.testing.ts";
import { noon, openStore, resultOf } from "./store.testing.ts";
import { reportXml } from "./xml.ts";

const day = dayOf(noon);

function configured(port: number, more = ""): ReportingConfig {
  const text = `dmarc { reporting { enabled = yes; email = "dmarc@mx.example.net"; domain = mx.example.net;
    org_name = "Example & Söhne"; from_name = 'Prüfer "M"'; smtp_port = ${port}; ${more} } }`;
  return configOf(dmarcConfig, text).get(dmarcConfig).dmarc.reporting;
}

interface World {
  readonly place: SendPlace;
  readonly server: TestServer;
  send(dryRun?: boolean): Promise<DayOutcome>;
}

async function open(
  context: TestContext,
  results: readonly DmarcResult[],
  zone: readonly string[] = [],
  script: Script = {},
  more = "",
): Promise<World> {
  const server = await startServer(script);
  context.after(() => server.close());
  const store = await openStore(context);
  const reporting = configured(server.port, more);
  for (const result of results) await collect(store, result, reporting);
  const place = { store, resolver: zoneDns(zone), reporting, now: () => noon, pause: 1 };
  return { place, server, send: (dryRun = false) => sendReports(place, day, dryRun, () => {}) };
}

/** Headers and report of a mail, as the owner of a domain reads them. */
function readMail(message: string) {
  const { headers, attachments, text } = analyse(Buffer.from(message, "latin1"));
  const [report] = attachments;
  assert.ok(report !== undefined && attachments.length === 1);
  return { headers, report, text: text[0]?.text ?? "", xml: gunzipSync(report.content).toString("utf8") };
}

test("a report as RFC 7489 wants it", async (context) => {
  const { server, send } = await open(context, [resultOf(), resultOf(), resultOf({ row: { ip: "2001:db8::1" } })]);
  const { reports } = await send();
  assert.deepEqual(reports, [
    { domain: "example.org", status: "sent", messages: 3, rows: 2, recipients: ["reports@example.org"], notes: [] },
  ]);
  const [mail] = server.kept;
  assert.ok(mail !== undefined && server.kept.length === 1);
  assert.deepEqual([mail.from, mail.recipients], ["dmarc@mx.example.net", ["reports@example.org"]]);
  assert.ok(mail.message.split("\r\n").every((line) => line.length <= 998 && /^[\x20-\x7e]*$/.test(line)));
  const { headers, report, text, xml } = readMail(mail.message);
  const id = "2026-01-15.example.org@mx.example.net";
  assert.equal(headers.subject, `Report Domain: example.org Submitter: mx.example.net Report-ID: <${id}>`);
  assert.deepEqual(
    headers.from.map(({ name, address }) => [name, address]),
    [['Prüfer "M"', "dmarc@mx.example.net"]],
  );
  assert.deepEqual(
    headers.to.map(({ address }) => address),
    ["reports@example.org"],
  );
  assert.equal(headers.date, noon);
  assert.match(headers.messageId ?? "", /^[0-9a-f-]{36}@mx\.example\.net$/);
  assert.equal(report.filename, "mx.example.net!example.org!1768435200!1768521599.xml.gz");
  assert.equal(report.type, "application/gzip");
  assert.match(text, /aggregate report on example\.org for 2026-01-15/);
  assert.equal(
    xml,
    `<?xml version="1.0" encoding="UTF-8"?>
<feedback>
<version>1.0</version>
<report_metadata>
<org_name>Example &amp; Söhne</org_name>
<email>dmarc@mx.example.net</email>
<report_id>${id}</report_id>
<date_range><begin>1768435200</begin><end>1768521599</end></date_range>
</report_metadata>
<policy_published>
<domain>example.org</domain>
<adkim>r</adkim>
<aspf>s</aspf>
<p>reject</p>
<sp>none</sp>
<pct>50</pct>
<fo>1</fo>
</policy_published>
${record("192.0.2.1", 2)}
${record("2001:db8::1", 1)}
</feedback>
`,
  );
});

function record(ip: string, count: number): string {
  return (
    `<record><row><source_ip>${ip}</source_ip><count>${count}</count>` +
    "<policy_evaluated><disposition>none</disposition><dkim>pass</dkim><spf>fail</spf></policy_evaluated></row>" +
    "<identifiers><envelope_from>example.com</envelope_from><header_from>news.example.org</header_from></identifiers>" +
    "<auth_results><dkim><domain>example.org</domain><selector>s1</selector><result>pass</result></dkim>" +
    "<spf><domain>example.com</domain><scope>mfrom</scope><result>softfail</result></spf></auth_results></record>"
  );
}

test("reasons and what is beyond the limit; nothing breaks out of its element", () => {
  const evil = '</p><p>none</p>&"\u0000\ud800';
  const { published, addresses, row } = resultOf({
    row: { reason: { type: "local_policy", comment: evil }, headerFrom: evil, dkimResults: [] },
  });
  const rows = [{ row, count: 1 }];
  const xml = reportXml({ domain: "example.org", published, addresses, rows, beyond: 7 }, day, configured(25), evil);
  assert.match(xml, /<error>7 more messages are not shown: there are too many rows<\/error>\n<\/report_metadata>/);
  assert.match(xml, /<\/spf><reason><type>local_policy<\/type><comment>&lt;\/p&gt;/);
  assert.equal(xml.match(/<p>/g)?.length, 1);
  assert.doesNotMatch(xml, /[\x00-\x09\x0b-\x1f]/);
  assert.doesNotMatch(xml, /<dkim><domain>/);
});

test("a report goes out once", async (context) => {
  const { server, send } = await open(context, [resultOf()]);
  await send();
  assert.deepEqual(
    (await send()).reports.map(({ status }) => status),
    ["sent before"],
  );
  assert.equal(server.kept.length, 1);
});

test("a dry run sends nothing and notes nothing", async (context) => {
  const { server, send } = await open(context, [resultOf()]);
  const [dry] = (await send(true)).reports;
  assert.deepEqual([dry?.status, dry?.recipients], ["not sent", ["reports@example.org"]]);
  assert.match(dry?.xml ?? "", /<feedback>/);
  assert.equal(server.connections, 0);
  assert.deepEqual(
    (await send()).reports.map(({ status }) => status),
    ["sent"],
  );
  assert.equal((await send(true)).reports[0]?.status, "not sent");
});

test("domains one after the other on one connection, with copies", async (context) => {
  const results = ["b.example", "a.example", "c.example"].map((policyDomain) => {
    return resultOf({ policyDomain, addresses: [{ address: `dmarc@${policyDomain}`, limit: null }] });
  });
  const { server, send } = await open(context, results, [], {}, 'bcc_addrs = "archive@example.net"');
  await send();
  assert.deepEqual(
    server.kept.map(({ recipients }) => recipients[0]),
    ["dmarc@a.example", "dmarc@b.example", "dmarc@c.example"],
  );
  assert.equal(server.kept[0]?.recipients[1], "archive@example.net");
  assert.doesNotMatch(server.kept[0]?.message ?? "", /archive/);
  assert.equal(server.connections, 1);
});

test("who has not asked for reports gets none, and it is said why", async (context) => {
  const addresses = [
    { address: "a@reports.example", limit: null },
    { address: "b@victim.example", limit: null },
    { address: "c@example.org", limit: 20 },
  ];
  const zone = ["example.org._report._dmarc.reports.example TXT v=DMARC1;"];
  const { server, send } = await open(context, [resultOf({ addresses })], zone);
  const [outcome] = (await send()).reports;
  assert.deepEqual(outcome?.recipients, ["a@reports.example"]);
  assert.deepEqual(
    outcome?.notes[0],
    "b@victim.example: victim.example does not say that it wants reports on example.org",
  );
  assert.match(outcome?.notes[1] ?? "", /^c@example\.org: takes 20 bytes, the report has \d+$/);
  assert.deepEqual(server.kept[0]?.recipients, ["a@reports.example"]);
});

test("nobody who wants it, today or ever", async (context) => {
  const of = (domain: string, host: string) =>
    resultOf({ policyDomain: domain, addresses: [{ address: `x@${host}`, limit: null }] });
  const zone = ["b.example._report._dmarc.slow.example TXT !TIMEOUT"];
  const { server, send } = await open(
    context,
    [of("a.example", "victim.example"), of("b.example", "slow.example")],
    zone,
  );
  assert.deepEqual(
    (await send()).reports.map(({ status }) => status),
    ["nobody wants it", "failed"],
  );
  assert.deepEqual(
    (await send()).reports.map(({ status }) => status),
    ["sent before", "failed"],
  );
  assert.equal(server.connections, 0);
});

test("a mail server that is full at first", async (context) => {
  const reply = (command: string, connection: number) =>
    command.startsWith("MAIL") && connection < 3 ? "451 4.3.1 full" : undefined;
  const { server, send } = await open(context, [resultOf()], [], { reply });
  assert.deepEqual(
    (await send()).reports.map(({ status }) => status),
    ["sent"],
  );
  assert.equal(server.connections, 3);
});

test("a mail server that stays full: the next run tries again", async (context) => {
  let full = true;
  const reply = (command: string) => (full && command.startsWith("MAIL") ? "451 4.3.1 full" : undefined);
  const { server, send } = await open(context, [resultOf()], [], { reply }, "retries = 1");
  const [outcome] = (await send()).reports;
  assert.deepEqual([outcome?.status, outcome?.notes], ["failed", ["the mail server says 451 4.3.1 full"]]);
  assert.equal(server.connections, 2);
  full = false;
  assert.deepEqual(
    (await send()).reports.map(({ status }) => status),
    ["sent"],
  );
});

const withLogin = 'smtp_user = reports; smtp_password = "tr0ub4dor&3"';

test("a login, and a mail server that cannot tell at first", async (context) => {
  const login = { user: "reports", password: "tr0ub4dor&3" };
  const reply = (command: string, connection: number) =>
    command.startsWith("AUTH") && connection < 3 ? "454 4.7.0 later" : undefined;
  const { server, send } = await open(
    context,
    [resultOf()],
    [],
    { login, reply, offers: () => ["AUTH PLAIN"] },
    withLogin,
  );
  assert.deepEqual(
    (await send()).reports.map(({ status }) => status),
    ["sent"],
  );
  assert.equal(server.connections, 3);
  assert.equal(server.kept[0]?.user, "reports");
});

test("a wrong password is tried once in a run, and shown nowhere", async (context) => {
  const results = ["a.example", "b.example"].map((policyDomain) => {
    return resultOf({ policyDomain, addresses: [{ address: `dmarc@${policyDomain}`, limit: null }] });
  });
  const login = { user: "reports", password: "another" };
  const { server, send } = await open(context, results, [], { login, offers: () => ["AUTH PLAIN"] }, withLogin);
  const { reports } = await send();
  assert.deepEqual(
    reports.map(({ status }) => status),
    ["failed", "failed"],
  );
  for (const { notes } of reports) assert.match(notes.join(), /smtp_password\): 535 5\.7\.8 wrong$/);
  assert.equal(server.commands.filter((command) => command.startsWith("AUTH")).length, 1);
  assert.doesNotMatch(JSON.stringify(reports), /tr0ub4dor/);
  await send();
  assert.equal(server.connections, 2, "the next run tries again");
});

test("destinations: external ones must agree, and may name another of their own", async () => {
  const dns = zoneDns([
    "example.org._report._dmarc.other.example TXT v=DMARC1; rua=mailto:in@other.example,mailto:x@evil.example",
    "*._report._dmarc.all.example TXT V=DMARC1",
    "example.org._report._dmarc.wrong.example TXT v=spf1 -all",
    "example.org._report._dmarc.down.example TXT !SERVFAIL",
  ]);
  const check = (...given: readonly string[]) =>
    checkDestinations(
      "example.org",
      given.map((address) => ({ address, limit: null })),
      dns,
    );
  const wanted = async (address: string) => (await check(address)).wanted.map((one) => one.address);
  assert.deepEqual(await wanted("a@mail.example.org"), ["a@mail.example.org"]);
  assert.deepEqual(await wanted("a@other.example"), ["in@other.example"]);
  assert.deepEqual(await wanted("a@all.example"), ["a@all.example"]);
  assert.deepEqual(await wanted("a@wrong.example"), []);
  assert.deepEqual(await wanted("a@notexample.org"), []);
  assert.equal((await check("a@wrong.example")).open, false);
  assert.equal((await check("a@down.example")).open, true);
  assert.deepEqual(
    await wanted(`a@${"x".repeat(60)}.${"y".repeat(60)}.${"z".repeat(60)}.${"w".repeat(40)}.example`),
    [],
  );
  assert.equal(
    dns.asked.some((name) => name.includes("mail.example.org")),
    false,
  );
});
