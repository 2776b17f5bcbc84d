// Configuration of the gateway: the keys of Rspamd's `worker "rspamd_proxy"` that have a meaning here, and limits.

import { bindSockets } from "../../shared/bind-socket.ts";
import { bytes, choice, custom, duration, flag, integer, section, text } from "../../shared/config/schema.ts";
import { isFieldName } from "../../shared/message/field-name.ts";

const second = 1000;
const megabyte = 1024 * 1024;

const spamHeader = custom<string>("X-Spam", "Name of the header that marks spam (action add header).", (value) =>
  typeof value === "string" && isFieldName(value) ? value : new Error("not the name of a header"),
);

const milterSection = section("The milter gateway: what mail servers connect to.", {
  milter: flag(true, "Whether this gateway runs."),
  bind_socket: bindSockets(11_332, "Where mail servers connect."),
  timeout: duration(60 * second, "How long a verdict may take; after that the mail is put off.", { min: 10 }),
  discard_on_reject: flag(false, "Take and throw away what would be rejected."),
  quarantine_on_reject: flag(false, "Put into the mail server's quarantine what would be rejected."),
  spam_header: spamHeader,
  reject_message: text("Spam message rejected", "What the sender of a rejected mail is told, without the code."),
  quarantine_message: text("Spam message quarantined", "Reason that the mail server notes with a quarantined mail."),
  tempfail_message: text("Try again later", "What the sender of a mail that is put off is told, without the code."),
  client_ca_name: text("", "Issuer of client certificates whose subject counts as a login."),
  settings_id: text("", "Name of the setting that is used for all mail of this gateway."),
  max_message: bytes(50 * megabyte, "Largest message that is looked at.", { min: 1024, max: 1024 * megabyte }),
  max_memory: bytes(256 * megabyte, "Bytes of messages held at once; a mail beyond that is put off.", {
    min: megabyte,
  }),
  large_memory: bytes(
    64 * megabyte,
    "Bytes of messages of more than 1 MB held at once; more of them wait their turn.",
    {
      min: megabyte,
    },
  ),
  oversized: choice(["tempfail", "accept"], "tempfail", "What becomes of a message over a limit."),
  max_headers: integer(10_000, "Headers of a message.", { min: 10 }),
  max_header_bytes: bytes(4 * megabyte, "Bytes of all headers of a message.", { min: 1024 }),
  max_packet: bytes(2 * megabyte, "Largest packet of the protocol; mail servers send 64 KB, and headers whole.", {
    min: 128 * 1024,
    max: 64 * megabyte,
  }),
  max_connections: integer(500, "Connections at a time; more are closed at once.", { min: 1 }),
  idle_timeout: duration(600 * second, "A connection that is silent for so long is closed.", { min: 10 }),
  drain_timeout: duration(60 * second, "How long mails under way may take when the gateway stops."),
});

export const milterConfig = { milter: milterSection };
