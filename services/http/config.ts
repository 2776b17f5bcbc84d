// What an operator can say about the HTTP gateway. An empty configuration listens on loopback and changes nothing for
// anybody who has no password.

import { bindSockets } from "../../shared/bind-socket.ts";
import { bytes, custom, duration, type Field, integer, list, section } from "../../shared/config/schema.ts";
import { networksOf } from "../../shared/network.ts";
import { parsePassword } from "./passwords.ts";

const kib = 1024;
const mib = 1024 * kib;

/** A socket file without a mode is for its owner and group alone. */
const ownerAndGroup = 0o660;

function password(about: string): Field<string> {
  return custom("", about, (value) => {
    if (typeof value !== "string") return new Error("a password is text: write it in quotes");
    const parsed = parsePassword(value);
    return parsed instanceof Error ? parsed : value;
  });
}

const network: Field<string> = custom("127.0.0.1", "An address or a network", (value) => {
  if (typeof value !== "string") return new Error("an address is text");
  const parsed = networksOf([value]);
  return parsed instanceof Error ? parsed : value;
});

export const config = {
  http: section("The Rspamd protocol over HTTP", {
    scan: section("Listener for scans", {
      bind_socket: bindSockets(11_333, "Where it listens; an empty list: nowhere", ownerAndGroup),
    }),
    controller: section("Listener for operators, and for scans as well", {
      bind_socket: bindSockets(11_334, "Where it listens; an empty list: nowhere", ownerAndGroup),
      password: password("Opens what only reads. Plain, $scrypt$ or $argon2id$"),
      enable_password: password("Opens what changes something. Without one, `password` does"),
      secure_ip: list(network, [], "Addresses and networks that need no password for anything"),
    }),
    max_message: bytes(50 * mib, "Largest message, as sent and after decompression", { min: kib, max: 1024 * mib }),
    max_memory: bytes(256 * mib, "Bytes of messages held at once; beyond that new ones are deferred", { min: mib }),
    large_memory: bytes(64 * mib, "Bytes of messages of more than 1 MB held at once; more of them wait their turn", {
      min: mib,
    }),
    max_headers: bytes(256 * kib, "Largest request line and headers together", { min: 8 * kib, max: 16 * mib }),
    max_connections: integer(1024, "Connections of each listener", { min: 1, max: 1_000_000 }),
    task_timeout: duration(
      9_000,
      "A scan that takes longer is a temporary failure; more than the time the coordinator takes",
      { min: 100, max: 600_000 },
    ),
    timeout: duration(60_000, "A request must have arrived within this time", { min: 1_000, max: 600_000 }),
    keep_alive: duration(5_000, "An idle connection is closed after this time", { min: 100, max: 600_000 }),
  }),
};
