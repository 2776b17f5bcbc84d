// Whether a message is ours to sign, and for which domain. The rules are Rspamd's (lua_dkim_tools), its words those of the
// configuration.

import { networkMap } from "../../../shared/map/live-map.ts";
import { asciiHost, isHostName, organisationalDomain } from "../../../shared/message/domain.ts";
import { isIn } from "../../../shared/network.ts";
import type { Envelope, Mailbox } from "../../../shared/task.ts";
import type { Signing } from "./config.ts";

/** The domain to sign for; why it is not signed though it is ours; null for mail that is not. */
export type Choice = { readonly domain: string } | { readonly refused: string } | null;

export interface Mail {
  readonly envelope: Envelope;
  /** Mailboxes of From, as they go out. */
  readonly authors: readonly Mailbox[];
}

type Who = "authenticated" | "networks" | "local" | "inbound";

export function chooseDomain({ envelope, authors }: Mail, config: Signing, localAddrs: readonly string[]): Choice {
  const { ip = "", user = "", from: sender = "", rcpts } = envelope;
  const local = isIn(ip, localAddrs);
  const who = whoIs(config, user !== "", local, ip);
  if (who === null) return null;
  const [author, another] = authors;
  if (author === undefined) return { refused: "no author" };
  if (another !== undefined && !config.allow_hdrfrom_multiple) return { refused: "several authors" };
  if (sender === "" && !config.allow_envfrom_empty) return { refused: "null sender" };
  const registered = (host: string) => (config.use_esld ? organisationalDomain(host) || host : host);
  const domains = {
    header: registered(hostOf(author.address)),
    envelope: registered(hostOf(sender)),
    auth: registered(hostOf(user)),
    recipient: registered(hostOf(rcpts[0] ?? "")),
  };
  const source = sourceFor(config, who, local);
  const domain = source in domains ? domains[source as keyof typeof domains] : source;
  if (domain === "") return { refused: `no domain: ${source}` };
  const mismatch =
    config.allow_hdrfrom_mismatch ||
    (config.allow_hdrfrom_mismatch_local && local) ||
    (config.allow_hdrfrom_mismatch_sign_networks && who === "networks");
  // The null sender has no domain that could differ.
  if (!mismatch && domains.envelope !== "" && domains.envelope !== domains.header) {
    return { refused: `${domain}: the envelope sender is of ${domains.envelope}` };
  }
  if (user !== "" && !config.allow_username_mismatch && domains.auth !== domain) {
    const login = domains.auth === "" ? "no domain" : `the domain ${domains.auth}`;
    return { refused: `${domain}: the login has ${login}` };
  }
  return { domain };
}

function whoIs(config: Signing, authenticated: boolean, local: boolean, ip: string): Who | null {
  if (config.sign_authenticated && authenticated) return "authenticated";
  const { entries, files } = config.sign_networks;
  if (entries.length + files.length > 0 && networkMap(config.sign_networks).get(ip) !== undefined) return "networks";
  if (config.sign_local && local) return "local";
  return config.sign_inbound && !local && !authenticated ? "inbound" : null;
}

function sourceFor(config: Signing, who: Who, local: boolean): string {
  if (who === "networks" && config.use_domain_sign_networks !== "") return config.use_domain_sign_networks;
  if (local && config.use_domain_sign_local !== "") return config.use_domain_sign_local;
  if (who === "inbound" && config.use_domain_sign_inbound !== "") return config.use_domain_sign_inbound;
  return config.use_domain;
}

/** The host of an address in ASCII; "" when it has none that could be a domain: it becomes part of a file's name. */
function hostOf(address: string): string {
  const at = address.lastIndexOf("@");
  const host = at === -1 ? "" : asciiHost(address.slice(at + 1).replace(/>$/, ""));
  return isHostName(host) ? host : "";
}
