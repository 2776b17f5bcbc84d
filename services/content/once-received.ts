// Mail that comes straight from where it was written: no server on its way but ours.

import { defineCheck } from "../../shared/check.ts";
import { lineWeight } from "../../shared/message/generic-host.ts";
import { isPrivateAddress } from "../../shared/message/private-address.ts";
import type { Envelope, Headers } from "../../shared/task.ts";
import { mailerName } from "./mailer-name.ts";

/** From this weight of the client's name on (generic-host.ts) it is a line, not a server. */
const line = 3;
const words = /(?:^|[.\d-])(?:static|dynamic|dynamicip|dyn)[.\d-]/i;

/** Whether a server has noted one of the recipients in Delivered-To. */
function wasDelivered(envelope: Envelope, headers: Headers): boolean {
  const rcpts = envelope.rcpts.map((rcpt) => rcpt.toLowerCase());
  return headers.fields.some(({ key, value }) => key === "delivered-to" && rcpts.includes(value.toLowerCase()));
}

export const onceReceived = defineCheck({
  name: "CHECK_ONCE_RECEIVED",
  about: "Looks for mail that came without a server in between, and for mail that was here before.",
  stage: "filter",
  group: "headers",
  reads: ["headers", "received"],
  symbols: {
    ONCE_RECEIVED_STRICT: { score: 4, about: "The only hop is from a host whose name is that of a customer's line." },
    PREVIOUSLY_DELIVERED: { score: 0, about: "It has been delivered to one of the recipients before." },
    DIRECT_TO_MX: { score: 0, about: "A mail program delivered it to us without a server in between." },
  },
  run(task, ctx) {
    const { envelope, headers, received } = task;
    if (envelope.rcpts.length > 0 && wasDelivered(envelope, headers)) ctx.hit("PREVIOUSLY_DELIVERED");
    if (envelope.user !== undefined || (envelope.ip !== undefined && isPrivateAddress(envelope.ip))) return;
    if (received.length === 0) {
      const mailer = envelope.ip === undefined ? "" : mailerName(headers);
      if (mailer !== "") ctx.hit("DIRECT_TO_MX", { options: [mailer.slice(0, 64)] });
      return;
    }
    const [hop] = received;
    if (received.length > 1 || hop === undefined || hop.authenticated || isPrivateAddress(hop.ip)) return;
    const host = hop.rdns;
    if (lineWeight(host) >= line || words.test(host)) ctx.hit("ONCE_RECEIVED_STRICT", { options: [host] });
  },
});
