// Keys and certificates for test servers.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { getCACertificates, setDefaultCACertificates } from "node:tls";

/** PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** A key and a certificate, signed by itself. @param names as in subjectAltName: "DNS:localhost", "IP:127.0.0.1" */
export function makeCertificate(context: TestContext, ...names: readonly string[]): Certificate {
  const folder = mkdtempSync(join(tmpdir(), "sluice-tls-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const files = ["-keyout", join(folder, "key.pem"), "-out", join(folder, "cert.pem")];
  const subject = ["-subj", "/CN=test", "-addext", `subjectAltName=${names.join(",")}`, "-days", "2"];
  try {
    execFileSync(
      "openssl",
      ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", ...files, ...subject],
      { stdio: "pipe" },
    );
  } catch (thrown) {
    throw new Error("openssl is missing or fails: apt-get install openssl", { cause: thrown });
  }
  return { key: readFileSync(join(folder, "key.pem"), "utf8"), cert: readFileSync(join(folder, "cert.pem"), "utf8") };
}

/** The same, and this process takes it for one of an authority it knows, until the test ends. */
export function makeTrustedCertificate(context: TestContext, ...names: readonly string[]): Certificate {
  const certificate = makeCertificate(context, ...names);
  const known = getCACertificates("default");
  context.after(() => setDefaultCACertificates(known));
  setDefaultCACertificates([...known, certificate.cert]);
  return certificate;
}
