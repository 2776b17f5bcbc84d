// Keys that sign mail: everything that an operator does with one, from making it to taking it out again.

import type { KeyObject } from "node:crypto";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { dkimSigningConfig } from "../../services/auth/sign/config.ts";
import { readKeyFile } from "../../services/auth/sign/key-file.ts";
import { keyTypes, largestKey, makeKey, recordOf, saveKey, zoneLines } from "../../services/auth/sign/key-pair.ts";
import { checkPublished, keyTypeOf } from "../../services/auth/sign/published.ts";
import { storedKeyName } from "../../services/auth/sign/stored-key.ts";
import { loadConfig } from "../../shared/config/live.ts";
import { Fault, toFault } from "../../shared/fault.ts";
import { openLog } from "../../shared/log.ts";
import { asciiHost, isHostName } from "../../shared/message/domain.ts";
import { openResolver } from "../../shared/resolver.ts";
import { type Command, refuse } from "../command.ts";
import { configFolder } from "../folders.ts";
import { openPlace } from "../open-system.ts";
import { placeOptions } from "../place.ts";
import { loadServices } from "../services.ts";

const help = `sluice dkim keygen --domain D --selector S [--type rsa|ed25519] [--bits N] [--dir DIR]
sluice dkim show   --domain D --selector S [--dir DIR | --key FILE]
sluice dkim test   --domain D --selector S [--dir DIR | --key FILE] [--config DIR] [--set KEY=VALUE]
sluice dkim store  --domain D --selector S [--dir DIR | --key FILE] [--remove] [--config DIR] [--data DIR] [--set KEY=VALUE]

Keys that sign mail (DKIM, ARC). The private key stays on this machine; the public one is published in the DNS, as the TXT
record S._domainkey.D, and receivers find it by the domain and the selector that each signature names.

keygen  makes a key and prints the record to publish. It never overwrites: for a new key choose a new selector
show    prints the record of a key that you have
test    asks the DNS whether it has the record, and whether that belongs to the key
store   puts a copy of the key into the store, for dkim_signing.use_redis; --remove takes it out again

  --domain D        whose mail is signed: example.org
  --selector S      a name for this key. With a date in it, such as s202601, the next key finds a free one
  --type TYPE       rsa, which everybody verifies, or ed25519 beside it (RFC 8463)                   (default: rsa)
  --bits N          of an RSA key, 1024 to 4096; some DNS services take no longer records than those of 2048
                                                                                                   (default: 2048)
  --dir DIR         where keys lie, as D.S.key                       (default: the folder dkim of the data folder)
  --key FILE        a key that lies elsewhere

To change a key: keygen with a new selector, publish, wait until 'test' is content, configure the new selector, reload
(SIGHUP), and leave the old record in the DNS for a week, for mail that is still under way.

Exit codes: 0 done, and test: it matches. 1 there is such a file already; no such key, or it cannot be used; test: the DNS
has no record, or another. 64 wrong usage, 69 the DNS or the store does not answer, 78 wrong configuration.`;

const options = {
  domain: { type: "string" },
  selector: { type: "string" },
  type: { type: "string", default: "rsa" },
  bits: { type: "string", default: "2048" },
  dir: { type: "string" },
  key: { type: "string" },
  remove: { type: "boolean", default: false },
  ...placeOptions,
} as const;

interface Which {
  readonly domain: string;
  readonly selector: string;
  readonly folder: string;
  readonly file: string;
}

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>["values"];

async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
  const [what = "", ...others] = positionals;
  const act = { keygen, show, test, store }[what];
  if (act === undefined || others.length > 0) {
    console.error(help);
    return 64;
  }
  const which = whichKey(values);
  if (typeof which === "string") return refuse(`dkim ${what}`, which);
  try {
    return await act(which, values);
  } catch (thrown) {
    if (thrown instanceof Fault && thrown.code !== "bad-input") throw thrown;
    return refuse(`dkim ${what}`, toFault(thrown).message, 1);
  }
}

/** A text is wrong usage. */
function whichKey({ domain: givenDomain = "", selector = "", dir, key, data }: Values): Which | string {
  const domain = asciiHost(givenDomain);
  if (!isHostName(domain) || !domain.includes(".")) return `--domain: "${givenDomain}" is no domain`;
  if (!isHostName(selector) || selector.length > 63) {
    return `--selector: "${selector}" is no selector: lower-case letters, digits and -`;
  }
  if (dir !== undefined && key !== undefined) return "--dir and --key exclude each other";
  const folder = resolve(dir ?? join(data, "dkim"));
  return { domain, selector, folder, file: key ?? join(folder, `${domain}.${selector}.key`) };
}

function recordName({ domain, selector }: Which): string {
  return `${selector}._domainkey.${domain}`;
}

function keygen(which: Which, { type, bits, key: given }: Values): number {
  const kind = keyTypes.find((one) => one === type);
  if (kind === undefined) return refuse("dkim keygen", `--type ${type}: there are ${keyTypes.join(" and ")}`);
  const size = /^\d{4}$/.test(bits) ? Number(bits) : 0;
  if (size < 1_024 || size > largestKey) return refuse("dkim keygen", `--bits ${bits}: from 1024 to ${largestKey}`);
  if (given !== undefined) return refuse("dkim keygen", "--key is for keys that are there; say --dir");
  const key = makeKey(kind, size);
  saveKey(which.file, key);
  console.log(zoneLines(recordName(which), recordOf(key)));
  console.error(`
The key is in ${which.file}; only you can read it: give it to the user that Sluice runs as (chown).
Publish the record above, then ask: sluice dkim test --domain ${which.domain} --selector ${which.selector} --dir ${which.folder}
Configuration: dkim_signing { domain { "${which.domain}" { path = "${which.file}"; selector = "${which.selector}"; } } }`);
  return 0;
}

function theKey({ file }: Which): KeyObject {
  const key = readKeyFile(file);
  if (key === null) throw new Fault("bad-input", `there is no ${file}`);
  if (typeof key === "string") throw new Fault("bad-input", key);
  return key;
}

function show(which: Which): number {
  console.log(zoneLines(recordName(which), recordOf(theKey(which))));
  return 0;
}

async function test(which: Which, values: Values): Promise<number> {
  const key = theKey(which);
  const { sections } = await loadServices();
  const { config } = loadConfig({ folder: configFolder(values.config), sections, overrides: values.set });
  const resolver = openResolver({ config, log: openLog({ level: "error", to: 2 }) });
  try {
    const dns = resolver.dnsFor({ signal: AbortSignal.timeout(30_000), queries: 0 });
    const name = recordName(which);
    const found = await checkPublished(dns, which.domain, which.selector, key);
    if (found.status === "match") {
      console.log(`${name} has the public key of ${which.file} (${keyTypeOf(key)}).`);
      if (found.testing) console.log("It says t=y: receivers take signatures for a test and ignore them.");
      return 0;
    }
    if (found.status === "failed") return refuse("dkim test", `the DNS does not tell: ${found.reason}`, 69);
    const what = found.status === "missing" ? "there is no such record" : found.reason;
    console.error(`${name}: ${what}. Publish this (what was published just now may take its time):`);
    console.error(zoneLines(name, recordOf(key)));
    return 1;
  } finally {
    resolver.close();
  }
}

async function store(which: Which, values: Values): Promise<number> {
  const key = values.remove ? undefined : theKey(which);
  const system = await openPlace(values, "error");
  try {
    const { key_prefix } = system.config.get(dkimSigningConfig).dkim_signing;
    const name = storedKeyName(key_prefix, which.domain, which.selector);
    if (key === undefined) {
      const had = await system.store.delete(name);
      console.log(had ? `${name} is removed` : `there was no ${name}`);
      return had ? 0 : 1;
    }
    await system.store.set(name, key.export({ type: "pkcs8", format: "pem" }).toString(), Number.POSITIVE_INFINITY);
    console.log(`${name} is in ${system.kept.state}`);
    return 0;
  } finally {
    await system.close();
  }
}

const dkim: Command = { about: "make, show and test keys that sign mail", help, run };
export default dkim;
