// Private keys as operators keep them, where the configuration says that they are, and files that are none.

import assert from "node:assert/strict";
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { configOf } from "../../../shared/config/live.ts";
import { zoneDns } from "../../../shared/dns/zone.testing.ts";
import type { Store } from "../../../shared/store/store.ts";
import { dkimSigningConfig, mayHaveKeys } from "./config.ts";
import { findKeys } from "./find-keys.ts";
import { readKeyFile } from "./key-file.ts";
import { makeKey, recordOf, saveKey, zoneLines } from "./key-pair.ts";
import { parsePrivateKey } from "./private-key.ts";
import { checkPublished } from "./published.ts";

const folder = mkdtempSync(join(tmpdir(), "sluice-keys-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const rsa = makeKey("rsa", 1_024);
const ed25519 = makeKey("ed25519", 0);
const pem = (key: KeyObject, type: "pkcs1" | "pkcs8" = "pkcs8") => key.export({ type, format: "pem" }).toString();
const der = (key: KeyObject, type: "pkcs1" | "pkcs8" = "pkcs8") => key.export({ type, format: "der" });

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test("a key is read in whatever form others write it", () => {
  const seed = der(ed25519).subarray(-32);
  const forms: readonly (readonly [KeyObject, string])[] = [
    [rsa, pem(rsa)],
    [rsa, pem(rsa, "pkcs1")],
    [rsa, `a note\n\n${pem(rsa)}`],
    [rsa, der(rsa).toString("base64")],
    [
      rsa,
      der(rsa, "pkcs1")
        .toString("base64")
        .replace(/(.{64})/g, "$1\n"),
    ],
    [ed25519, pem(ed25519)],
    [ed25519, `${seed.toString("base64")}\n`],
    [ed25519, Buffer.concat([seed, Buffer.alloc(32)]).toString("base64")],
  ];
  for (const [key, text] of forms) assert.ok(parsePrivateKey(text).equals(key), text.slice(0, 40));
});

test("what signs no mail is refused, and nothing of it is told", () => {
  const encrypted = rsa.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" }).toString();
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const small = generateKeyPairSync("rsa", { modulusLength: 512 }).privateKey;
  const wrong: readonly (readonly [RegExp, string])[] = [
    [/empty/, " \n"],
    [/neither PEM nor base64/, "hello there!"],
    [/no private key/, "c2VjcmV0IHNlY3JldA=="],
    [/no private key/, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"],
    [/pass phrase/, encrypted],
    [/public key/, publicKey.export({ type: "spki", format: "pem" }).toString()],
    [/neither RSA nor Ed25519/, pem(privateKey)],
    [/512 bits/, pem(small)],
  ];
  for (const [message, text] of wrong) assert.throws(() => parsePrivateKey(text), { code: "bad-input", message });
});

test("files: missing, broken, no file at all, replaced", () => {
  const path = file("a.key", "broken");
  assert.match(String(readKeyFile(path)), new RegExp(`^${path}: it holds no private key`));
  assert.equal(readKeyFile(join(folder, "none")), null);
  assert.equal(readKeyFile(folder), `${folder} is not a file`);
  assert.match(String(readKeyFile(join(folder, "x".repeat(300)))), /ENAMETOOLONG/);
  assert.match(String(readKeyFile(file("large", "x".repeat(70_000)))), /larger than 65536 bytes/);
  symlinkSync("loop", join(folder, "loop"));
  assert.match(String(readKeyFile(join(folder, "loop"))), /ELOOP/);
  writeFileSync(path, pem(rsa));
  const key = readKeyFile(path);
  assert.ok(key instanceof Object && key.equals(rsa));
  assert.equal(readKeyFile(path), key, "kept");
  rmSync(path);
  assert.equal(readKeyFile(path), null);
});

const none = { get: async () => undefined } as unknown as Store;

async function found(domain: string, ucl: string, store = none) {
  const config = configOf(dkimSigningConfig, `dkim_signing { ${ucl} }`).get(dkimSigningConfig).dkim_signing;
  const { keys, missing, problems } = await findKeys(domain, config, store);
  return { keys: keys.map(({ selector }) => selector), missing, problems };
}

test("where the configuration says that keys are", async () => {
  mkdirSync(join(folder, "keys"));
  for (const name of ["example.org.dkim", "example.org.two", "mapped"]) file(`keys/${name}.key`, pem(ed25519));
  file("keys/example.org.bad.key", "x");
  const path = `path = "${folder}/keys/$domain.$selector.key"`;
  const good = { missing: [], problems: [] };
  assert.deepEqual(await found("example.org", path), { keys: ["dkim"], ...good });
  assert.deepEqual(await found("example.org", `${path}; selector = "two"`), { keys: ["two"], ...good });
  assert.deepEqual(await found("example.net", path), { keys: [], missing: ["no key s=dkim"], problems: [] });
  assert.deepEqual(await found("example.net", `${path}; try_fallback = false`), {
    keys: [],
    missing: ["no key"],
    problems: [],
  });
  const bad = await found("example.org", `${path}; selector = "bad"`);
  assert.deepEqual(bad.missing, ["key s=bad cannot be used"]);
  assert.match(bad.problems.join(), /example\.org\.bad\.key: it holds no private key/);
  const two = `${path}; selector_map = [["example.org", "two dkim"]]; try_fallback = false`;
  assert.deepEqual(await found("example.org", two), { keys: ["two", "dkim"], ...good });
  assert.deepEqual(await found("example.net", two), { keys: [], missing: ["no key"], problems: [] });
  const mapped = `path_map = [["example.net", "${folder}/keys/mapped.key"]]; selector_map = [["example.net", "s1"]]`;
  assert.deepEqual(await found("example.net", mapped), { keys: ["s1"], ...good });
  const table = `domain { example.org { path = "${folder}/keys/$domain.$selector.key"; selectors [ { selector = "two" }, { selector = "own", path = "${folder}/keys/mapped.key" } ] }, "*" { path = "${folder}/keys/mapped.key" } }`;
  assert.deepEqual(await found("example.org", table), { keys: ["two", "own"], ...good });
  assert.deepEqual(await found("example.com", table), { keys: ["dkim"], ...good });
});

test("keys in the store", async () => {
  const stored: Readonly<Record<string, string>> = {
    "DKIM_KEYS:dkim._domainkey.example.org": pem(rsa),
    "DKIM_KEYS:dkim._domainkey.example.com": "x",
  };
  const store = { get: async (key: string) => stored[key] } as unknown as Store;
  assert.deepEqual(await found("example.org", "use_redis = true", store), {
    keys: ["dkim"],
    missing: [],
    problems: [],
  });
  assert.deepEqual((await found("example.net", "use_redis = true", store)).missing, ["no key s=dkim"]);
  assert.match(
    (await found("example.com", "use_redis = true", store)).problems.join(),
    /^DKIM_KEYS:dkim\._domainkey\.example\.com in the store: /,
  );
});

test("a broken key is an error of the configuration, with file and reason; one that is missing is not", () => {
  const path = file("broken.key", "x");
  const config = (ucl: string) => configOf(dkimSigningConfig, `dkim_signing { ${ucl} }`);
  const table = (key: string) => `domain { example.org { path = "${key}"; selector = "a" } }`;
  assert.throws(
    () => config(table(path)),
    new RegExp(`domain\\.example\\.org\\.path ${path}: it holds no private key`),
  );
  config(table(join(folder, "none")));
  assert.throws(() => config('domain { "../x" { selector = "a" } }'), /is no domain/);
  assert.throws(() => config('domain { example.org { selector = "../a" } }'), /is no selector/);
  assert.throws(() => config('selector = "a/b"'), /is no selector/);
  assert.throws(() => config('sign_headers = "to:subject"'), /does not have From/);
  assert.throws(() => config('sign_headers = "from:Authentication-Results"'), /every server on the way may change/);
  assert.throws(() => config('sign_headers = "from:a b"'), /is no header field/);
});

test("without any key nobody is asked", () => {
  const may = (ucl: string) =>
    mayHaveKeys(configOf(dkimSigningConfig, `dkim_signing { ${ucl} }`).get(dkimSigningConfig).dkim_signing);
  assert.equal(may(`path = "${folder}/nowhere/$domain.key"`), false);
  assert.equal(may(`path = "${folder}/$domain.key"`), true);
  assert.equal(may(`path = "${folder}/$domain.key"; try_fallback = false`), false);
  assert.equal(may("use_redis = true"), true);
  assert.equal(may('selector_map = ["example.org"]'), true);
});

test("a new key: never over another, for its owner alone, with its record in strings that fit", () => {
  const path = join(folder, "new", "example.org.a.key");
  saveKey(path, rsa);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.throws(() => saveKey(path, rsa), { code: "bad-input", message: /is there already/ });
  const large = makeKey("rsa", 2_048);
  const lines = zoneLines("a._domainkey.example.org", recordOf(large));
  const strings = [...lines.matchAll(/"([^"]*)"/g)].map(([, text]) => text ?? "");
  assert.equal(strings.length, 2);
  assert.ok(strings.every((text) => text.length <= 255));
  assert.equal(strings.join(""), recordOf(large));
  assert.match(
    zoneLines("a._domainkey.example.org", recordOf(ed25519)),
    /^a\._domainkey\.example\.org\. IN TXT "v=DKIM1; k=ed25519; p=.{44}"$/,
  );
});

test("what is published is compared with the key", async () => {
  const name = "a._domainkey.example.org";
  const status = async (...zone: readonly string[]) =>
    (await checkPublished(zoneDns(zone), "example.org", "a", rsa)).status;
  assert.equal(await status(`${name} TXT ${recordOf(rsa)}`), "match");
  assert.equal(await status(`${name} TXT something else`, `${name} TXT ${recordOf(rsa)}`), "match");
  assert.equal(await status(), "missing");
  assert.equal(await status(`${name} TXT !TIMEOUT`), "failed");
  for (const other of [
    recordOf(makeKey("rsa", 1_024)),
    recordOf(ed25519),
    "v=DKIM1; p=",
    `${recordOf(rsa)}; s=tlsrpt`,
    "v=spf1",
  ]) {
    assert.equal(await status(`${name} TXT ${other}`), "mismatch", other);
  }
});
