// A NATS server that lets in only who has a certificate and a password, and over TLS only.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { openNatsBus } from "../../shared/bus/nats.ts";
import { natsAccess } from "../../shared/bus/nats-access.ts";
import { natsConfig } from "../../shared/bus/nats-config.ts";
import { configOf } from "../../shared/config/live.ts";
import { type NatsServer, startNats } from "../servers/nats.ts";

let folder: string;
let server: NatsServer;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-nats-tls-"));
  const openssl = (...args: string[]) => promisify(execFile)("openssl", args, { cwd: folder });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  await openssl("req", "-x509", ...key, "-days", "2", "-subj", "/CN=own", "-keyout", "ca.key", "-out", "ca.pem");
  for (const [name, names] of Object.entries({ server: "IP:127.0.0.1,DNS:nats.example.org", client: "DNS:mx" })) {
    await openssl("req", ...key, "-subj", `/CN=${name}`, "-keyout", `${name}.key`, "-out", `${name}.csr`);
    await writeFile(join(folder, `${name}.ext`), `subjectAltName=${names}\n`);
    const signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", `${name}.ext`];
    await openssl("x509", "-req", "-in", `${name}.csr`, ...signed, "-out", `${name}.pem`);
  }
  const files = `cert_file: "${folder}/server.pem", key_file: "${folder}/server.key", ca_file: "${folder}/ca.pem"`;
  const config = [`tls { ${files}, verify: true }`, 'authorization { user: mx, password: "right" }'];
  server = await startNats({ config });
});
after(async () => {
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

function open(address: string, lines: string) {
  const { nats } = configOf(natsConfig, `nats { ${lines} }`).get(natsConfig);
  return openNatsBus({ ...natsAccess([address], nats), prefix: nats.prefix, name: "test", patience: 0 });
}

const own = () => `certificate = "${folder}/client.pem"; key = "${folder}/client.key";`;
const trusted = () => `ca = "${folder}/ca.pem";`;

test("with password, certificate and authority questions are answered", async () => {
  for (const [address, lines] of [
    [`tls://mx:right@${server.address}`, `tls { ${trusted()} ${own()} }`],
    [`nats://${server.address}`, `user = mx; password = right; tls { ${trusted()} ${own()} }`],
    [server.address, `user = mx; password = right; tls { ${trusted()} ${own()} server_name = nats.example.org }`],
    [server.address, `user = mx; password = right; tls { ${own()} verify = no }`],
  ] as const) {
    const bus = await open(address, lines);
    await bus.serve({ name: "echo" }, { slots: 1 }, async (question) => question);
    assert.equal(await bus.ask({ name: "echo" }, 1, { deadline: Date.now() + 10_000 }), 1);
    await bus.close();
  }
});

test("whoever lacks something is refused, and told what", async () => {
  const login = "user = mx; password = right;";
  for (const [lines, reason] of [
    [`user = mx; password = wrong; tls { ${trusted()} ${own()} }`, /Authorization Violation/],
    [`tls { ${trusted()} ${own()} }`, /Authorization Violation/],
    [`${login} tls { ${own()} }`, /certificate/],
    [`${login} tls { ${trusted()} ${own()} server_name = other.example.org }`, /does not match/],
  ] as const) {
    await assert.rejects(open(server.address, lines), { code: "unavailable", message: reason }, lines);
  }
  await assert.rejects(open(server.address, `${login} tls { ${trusted()} }`), { code: "unavailable" });
});

test("the documented rights are enough, and another site has none of them", async () => {
  const docs = await readFile(resolve(import.meta.dirname, "../../docs/nats.md"), "utf8");
  const [line] = /^ *authorization .*$/m.exec(docs) ?? [];
  assert.ok(line, "docs/nats.md says which rights Sluice needs");
  const guarded = await startNats({ config: [line.replace("PASSWORD", "right")] });
  const bus = await open(guarded.address, "user = mx; password = right");
  const other = await open(guarded.address, "user = mx; password = right; prefix = other");
  await bus.serve({ name: "echo" }, { slots: 1 }, async (question) => question);
  assert.equal(await bus.ask({ name: "echo" }, 1, { deadline: Date.now() + 10_000 }), 1);
  await assert.rejects(other.ask({ name: "echo" }, 1, { deadline: Date.now() + 500 }), { code: "late" });
  await bus.close();
  await other.close();
  await guarded.close();
});

test("a server without TLS is refused where TLS is wanted", async () => {
  const plain = await startNats();
  await assert.rejects(open(`tls://${plain.address}`, ""), { code: "unavailable", message: /tls/ });
  await plain.close();
});
