import { defineActor } from "../../shared/actor.ts";
import { mimeTypesConfig } from "../../shared/message/mime-types-config.ts";
import { addressForm } from "./address-form.ts";
import { bounce } from "./bounce.ts";
import { boundary } from "./boundary.ts";
import { chartable, chartableConfig } from "./chartable.ts";
import { compromised } from "./compromised.ts";
import { date } from "./date.ts";
import { duplicateHeaders } from "./duplicate-headers.ts";
import { encryption } from "./encryption.ts";
import { envelope } from "./envelope.ts";
import { excessEncoding } from "./excess-encoding.ts";
import { extensions } from "./extensions.ts";
import { flaws } from "./flaws.ts";
import { forgedMailer } from "./forged-mailer.ts";
import { forgedMessageId } from "./forged-message-id.ts";
import { forgedReceived } from "./forged-received.ts";
import { forgedRecipients } from "./forged-recipients.ts";
import { forwarding } from "./forwarding.ts";
import { freemail } from "./freemail.ts";
import { freemailConfig } from "./freemail-config.ts";
import { from } from "./from.ts";
import { gtube, gtubeConfig } from "./gtube.ts";
import { headerMarks } from "./header-marks.ts";
import { headerSpelling } from "./header-spelling.ts";
import { hfilter } from "./hfilter.ts";
import { html } from "./html.ts";
import { mailers } from "./mailers.ts";
import { maillist } from "./maillist.ts";
import { messageId } from "./message-id.ts";
import { mimeHeader } from "./mime-header.ts";
import { mimeTypes } from "./mime-types.ts";
import { missingHeaders } from "./missing-headers.ts";
import { needsEncoding } from "./needs-encoding.ts";
import { onceReceived } from "./once-received.ts";
import { forgedOutlook } from "./outlook.ts";
import { parts } from "./parts.ts";
import { phishing, phishingConfig } from "./phishing.ts";
import { priority } from "./priority.ts";
import { readReceipt } from "./read-receipt.ts";
import { received } from "./received.ts";
import { recipientList } from "./recipient-list.ts";
import { recipients } from "./recipients.ts";
import { redirectorConfig, redirectors } from "./redirectors.ts";
import { replyTo } from "./reply-to.ts";
import { scams } from "./scams.ts";
import { subject } from "./subject.ts";
import { textParts } from "./text-parts.ts";
import { trackerId } from "./tracker-id.ts";
import { upstream } from "./upstream.ts";
import { urlOnly } from "./url-only.ts";
import { urlSuspect, urlSuspectConfig } from "./url-suspect.ts";
import { urls } from "./urls.ts";

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
    chartable,
    encryption,
    envelope,
    forgedRecipients,
    forwarding,
    freemail,
    maillist,
    phishing,
    readReceipt,
    recipientList,
    redirectors,
    scams,
    textParts,
    urlSuspect,
    urls,
    addressForm,
    bounce,
    boundary,
    compromised,
    excessEncoding,
    forgedMailer,
    forgedMessageId,
    forgedReceived,
    headerMarks,
    headerSpelling,
    hfilter,
    mailers,
    mimeHeader,
    onceReceived,
    forgedOutlook,
    trackerId,
    urlOnly,
  ],
  config: {
    ...gtubeConfig,
    ...mimeTypesConfig,
    ...urlSuspectConfig,
    ...redirectorConfig,
    ...phishingConfig,
    ...freemailConfig,
    ...chartableConfig,
  },
  slots: 16,
  deadline: 2_000,
  reaches: [],
});
