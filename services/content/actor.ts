import { defineActor } from "../../shared/actor.ts";
import { date } from "./date.ts";
import { duplicateHeaders } from "./duplicate-headers.ts";
import { extensions } from "./extensions.ts";
import { flaws } from "./flaws.ts";
import { from } from "./from.ts";
import { gtube, gtubeConfig } from "./gtube.ts";
import { html } from "./html.ts";
import { messageId } from "./message-id.ts";
import { mimeTypes } from "./mime-types.ts";
import { mimeTypesConfig } from "./mime-types-config.ts";
import { missingHeaders } from "./missing-headers.ts";
import { needsEncoding } from "./needs-encoding.ts";
import { parts } from "./parts.ts";
import { priority } from "./priority.ts";
import { received } from "./received.ts";
import { recipients } from "./recipients.ts";
import { replyTo } from "./reply-to.ts";
import { subject } from "./subject.ts";
import { upstream } from "./upstream.ts";

export default defineActor({
  name: "content",
  about: "What can be known from the message alone: headers, structure, text, HTML, links.",
  checks: [
    gtube,
    flaws,
    missingHeaders,
    duplicateHeaders,
    subject,
    needsEncoding,
    from,
    replyTo,
    recipients,
    messageId,
    received,
    date,
    priority,
    upstream,
    mimeTypes,
    extensions,
    parts,
    html,
  ],
  config: { ...gtubeConfig, ...mimeTypesConfig },
  slots: 16,
  deadline: 2_000,
  reaches: [],
});
