// Where the NATS servers are, who we are to them, and how they prove who they are: from the addresses of `--bus` and the
// section `nats`.

import { type ConnectionOptions, checkServerIdentity as nameFits } from "node:tls";
import type { NodeConnectionOptions } from "@nats-io/transport-node";
import { Fault } from "../fault.ts";
import { readTlsFiles } from "../tls-files.ts";
import type { NatsConfig } from "./nats-config.ts";

export interface NatsAccess {
  /** "host:port", without anything secret. */
  readonly servers: readonly string[];
  readonly access: Pick<NodeConnectionOptions, "user" | "pass" | "token" | "tls">;
}

/** The client hands over to node:tls what it does not know itself. */
type TlsOptions = NonNullable<NodeConnectionOptions["tls"]>;

interface Address {
  /** "host" or "host:port" */
  readonly server: string;
  readonly host: string;
  readonly secure: boolean;
  /** Name, or token, before the @. */
  readonly user: string;
  readonly password: string;
}

/**
 * `addresses` are "nats://host:port", "tls://host:port" or "host:port", each with "user:password@" or "token@" before the
 * host where the configuration has none. Faults with `bad-config`, which say nothing of what is secret.
 */
export function natsAccess(addresses: readonly string[], config: NatsConfig): NatsAccess {
  const read = addresses.map(readAddress);
  const secure = read.some((address) => address.secure);
  const tls = tlsOptions(
    config,
    secure,
    read.map(({ host }) => host),
  );
  return {
    servers: read.map(({ server }) => server),
    access: { ...credentials(read, config), ...(tls === undefined ? {} : { tls }) },
  };
}

/** What is wrong with values that are each right: for `config check`, and before anything is opened. */
export function natsFaults(config: NatsConfig): Fault[] {
  try {
    natsAccess([], config);
    return [];
  } catch (thrown) {
    if (thrown instanceof Fault) return [thrown];
    throw thrown;
  }
}

function readAddress(text: string): Address {
  const trimmed = text.trim();
  const scheme = /^[^/@]*:\/\//.exec(trimmed)?.[0].toLowerCase() ?? "nats://";
  // A password may hold any character, and must not show: everything before the last @ is taken for one.
  const shown = trimmed.replace(/^([^/@]*:\/\/)?.*@/, "$1***@");
  const wrong = () => new Fault("bad-config", `${shown} is no address of NATS: nats://HOST:PORT, or tls://`);
  if (scheme !== "nats://" && scheme !== "tls://") throw wrong();
  try {
    const url = new URL(trimmed.includes("://") ? trimmed : `nats://${trimmed}`);
    if (url.hostname === "" || !["", "/"].includes(url.pathname) || url.search !== "" || url.hash !== "") throw wrong();
    return {
      server: url.host,
      host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
      secure: scheme === "tls://",
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
    };
  } catch {
    throw wrong();
  }
}

/** A name alone is a token, as every client of NATS has it. */
function credentials(addresses: readonly Address[], config: NatsConfig): NatsAccess["access"] {
  const { user, password, token } = config;
  if (token !== "" && user !== "") throw new Fault("bad-config", "nats.token: there is a nats.user too; which is it?");
  if (password !== "" && user === "") throw new Fault("bad-config", "nats.password: there is no nats.user");
  if (token !== "") return { token };
  if (user !== "") return { user, pass: password };
  const given = addresses.filter((address) => address.user !== "" || address.password !== "");
  const [first] = given;
  if (first === undefined) return {};
  if (given.some((address) => address.user !== first.user || address.password !== first.password)) {
    throw new Fault(
      "bad-config",
      "the addresses of NATS differ in who we are: the servers of one cluster know the same",
    );
  }
  return first.password === "" ? { token: first.user } : { user: first.user, pass: first.password };
}

function tlsOptions({ tls }: NatsConfig, secure: boolean, hosts: readonly string[]): NatsAccess["access"]["tls"] {
  const { enabled, first, ca, certificate, key, server_name: name, verify } = tls;
  if ((certificate === "") !== (key === "")) {
    throw new Fault("bad-config", "nats.tls: a certificate needs its key, and a key its certificate");
  }
  if (!enabled && !secure && !first && ca === "" && certificate === "") return undefined;
  readTlsFiles("nats.tls", tls);
  const options: TlsOptions & Pick<ConnectionOptions, "servername" | "checkServerIdentity"> = {
    rejectUnauthorized: verify,
    handshakeFirst: first,
    // By name, for they are read again with each connection: certificates are renewed while we run.
    ...(ca === "" ? {} : { caFile: ca }),
    ...(certificate === "" ? {} : { certFile: certificate, keyFile: key }),
    ...(name === "" ? {} : { servername: name }),
    checkServerIdentity(asked, peer) {
      // Where the address is an IP the client asks for no name, and Node would look for "localhost".
      if (name !== "" || asked !== "localhost" || hosts.includes("localhost")) return nameFits(asked, peer);
      const misfits = hosts.map((host) => nameFits(host, peer));
      return misfits.includes(undefined) ? undefined : misfits[0];
    },
  };
  return options;
}
