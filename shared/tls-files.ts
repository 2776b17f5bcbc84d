// What an operator says of TLS with a server that we connect to: who may vouch for it, and who we are.

import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { flag, text } from "./config/schema.ts";
import { Fault, toFault } from "./fault.ts";

/** Keys of a section `tls`. */
export const tlsKeys = {
  ca: text("", "File with the certificates that may vouch for the servers. Default: those of the system."),
  certificate: text("", "File with our own certificate, for servers that ask for one."),
  key: text("", "File with its private key."),
  server_name: text("", "Name in the servers' certificate. Default: the host's."),
  verify: flag(true, "Refuse a server whose certificate nobody vouches for."),
};

interface Named {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

/** The files as node:tls takes them; none for "". Faults with `bad-config` when they cannot be used. */
export function readTlsFiles(section: string, { ca, certificate, key }: Named) {
  const files = {
    ...(ca === "" ? {} : { ca: readPem(`${section}.ca`, ca) }),
    ...(certificate === "" ? {} : { cert: readPem(`${section}.certificate`, certificate) }),
    ...(key === "" ? {} : { key: readPem(`${section}.key`, key) }),
  };
  try {
    // A file of authorities that holds no certificate would vouch for nobody, and say nothing.
    if (files.ca !== undefined) new X509Certificate(files.ca);
    createSecureContext(files);
  } catch (thrown) {
    throw new Fault("bad-config", `${section}: the files cannot be used: ${toFault(thrown).message}`, thrown);
  }
  return files;
}

function readPem(name: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (thrown) {
    throw new Fault("bad-config", `${name}: ${file} cannot be read`, thrown);
  }
}
