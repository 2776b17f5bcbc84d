// The section `nats`: how processes get in at the NATS servers that `sluice serve --bus` names.

import { custom, flag, type SectionValue, section, text } from "../config/schema.ts";
import { tlsKeys } from "../tls-files.ts";

const prefix = custom<string>(
  "sluice",
  "First token of every subject, so that several sites can share a NATS.",
  (value) => {
    return typeof value === "string" && value.length <= 64 && /^[\w-]+(\.[\w-]+)*$/.test(value)
      ? value
      : new Error("must be a short name of letters, digits, - and _");
  },
);

const tls = section("How the connections are encrypted.", {
  enabled: flag(false, "Refuse a server that does not speak TLS; the same as an address that begins with tls://."),
  first: flag(false, "Begin with TLS before the server has said a word: its handshake_first."),
  ...tlsKeys,
});

export const natsConfig = {
  nats: section("NATS, which connects processes: how to get in at the servers of serve --bus.", {
    user: text("", "Empty: none is needed, or it is in the address."),
    password: text("", "See user."),
    token: text("", "For servers that ask for one instead of a user."),
    prefix,
    tls,
  }),
};

export type NatsConfig = SectionValue<typeof natsConfig.nats>;
