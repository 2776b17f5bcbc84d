import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import { zoneServerFor } from "../../shared/dns/zone-server.testing.ts";

const program = resolve(import.meta.dirname, "../sluice");
const folder = mkdtempSync(join(tmpdir(), "sluice-dkim-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const which = (selector: string) => ["--domain", "Example.org", "--selector", selector, "--dir", folder];

function run(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((done) => {
    execFile(program, ["dkim", ...args], (error, stdout, stderr) =>
      done({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
  });
}

test("keygen makes a key that only its owner reads, and never a second one of that name", async () => {
  const made = await run("keygen", ...which("a"));
  assert.equal(made.code, 0);
  assert.match(
    made.stdout,
    /^a\._domainkey\.example\.org\. IN TXT \(\n {2}"v=DKIM1; k=rsa; p=[^"]+"\n {2}"[^"]+"\n\)\n$/,
  );
  const file = join(folder, "example.org.a.key");
  assert.match(made.stderr, new RegExp(`The key is in ${file}`));
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const before = readFileSync(file, "utf8");
  const again = await run("keygen", ...which("a"));
  assert.deepEqual([again.code, again.stdout], [1, ""]);
  assert.match(again.stderr, /is there already/);
  assert.equal(readFileSync(file, "utf8"), before);
  assert.equal((await run("show", ...which("a"))).stdout, made.stdout);
  assert.equal((await run("show", ...which("a").slice(0, 4), "--key", file)).stdout, made.stdout);
});

test("test: what the DNS has matches, is another, is missing, or cannot be had", async (t) => {
  const made = await run("keygen", ...which("b"), "--type", "ed25519");
  const [, record = ""] = /"(.*)"/.exec(made.stdout) ?? [];
  const name = "b._domainkey.example.org";
  const dns = await zoneServerFor(t, { zone: [`${name} TXT ${record}; t=y`] });
  const ask = (server = dns.address) => run("test", ...which("b"), "--set", `options.dns.nameserver=${server}`);
  const good = await ask();
  assert.deepEqual([good.code, good.stderr], [0, ""]);
  assert.match(good.stdout, /has the public key of .*example\.org\.b\.key \(ed25519\)\.\nIt says t=y/);
  dns.serve([`${name} TXT ${record.replace(/p=./, "p=")}`]);
  const other = await ask();
  assert.equal(other.code, 1);
  assert.match(other.stderr, /it is another key\. Publish this[\s\S]*k=ed25519; p=/);
  dns.serve([]);
  const missing = await ask();
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /there is no such record/);
  dns.serve([`${name} TXT !SERVFAIL`]);
  const away = await ask();
  assert.equal(away.code, 69);
  assert.match(away.stderr, /the DNS does not tell: key: SERVFAIL/);
});

test("store puts a key into the store, and takes it out", async () => {
  const data = ["--data", join(folder, "data")];
  await run("keygen", ...which("c"), "--type", "ed25519");
  const kept = await run("store", ...which("c"), ...data);
  assert.deepEqual([kept.code, kept.stderr], [0, ""]);
  assert.match(kept.stdout, /^DKIM_KEYS:c\._domainkey\.example\.org is in /);
  assert.equal((await run("store", ...which("c"), ...data, "--remove")).code, 0);
  assert.equal((await run("store", ...which("c"), ...data, "--remove")).code, 1);
});

test("wrong usage, keys that are not there, and files that hold none", async () => {
  const domain = ["--domain", "example.org"];
  for (const args of [
    [],
    ["nonsense"],
    ["keygen"],
    ["keygen", ...domain],
    ["keygen", ...domain, "--selector", "../x"],
    ["keygen", "--domain", "../../etc", "--selector", "a"],
    ["keygen", "--domain", "localhost", "--selector", "a"],
    ["keygen", ...which("d"), "--type", "dsa"],
    ["keygen", ...which("d"), "--bits", "512"],
    ["keygen", ...which("d"), "--bits", "99999"],
    ["keygen", ...which("d"), "--frobnicate"],
    ["show", ...which("d"), "--key", "x"],
  ]) {
    const { code, stdout } = await run(...args);
    assert.deepEqual([code, stdout], [64, ""], args.join(" "));
  }
  const none = await run("show", ...which("none"));
  assert.deepEqual([none.code, none.stdout], [1, ""]);
  assert.match(none.stderr, /there is no .*example\.org\.none\.key/);
  writeFileSync(join(folder, "example.org.bad.key"), "not a key!");
  assert.match((await run("test", ...which("bad"))).stderr, /neither PEM nor base64/);
});
