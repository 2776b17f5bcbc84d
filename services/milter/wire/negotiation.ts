// Negotiation: the mail server offers what it can, the filter takes what it wants of it.

import { Fault } from "../../../shared/fault.ts";
import * as c from "./constants.ts";
import { frame } from "./frame.ts";

export interface Offer {
  readonly version: number;
  readonly actions: number;
  readonly steps: number;
}

/** What both sides agreed on. */
export type Agreement = Offer;

const wantedActions =
  c.SMFIF_ADDHDRS |
  c.SMFIF_CHGBODY |
  c.SMFIF_ADDRCPT |
  c.SMFIF_DELRCPT |
  c.SMFIF_CHGHDRS |
  c.SMFIF_QUARANTINE |
  c.SMFIF_CHGFROM |
  c.SMFIF_SETSYMLIST;

/** Commands that need no reply when the server offers so. */
const silence: ReadonlyMap<number, number> = new Map([
  [c.SMFIC_CONNECT, c.SMFIP_NR_CONN],
  [c.SMFIC_HELO, c.SMFIP_NR_HELO],
  [c.SMFIC_MAIL, c.SMFIP_NR_MAIL],
  [c.SMFIC_RCPT, c.SMFIP_NR_RCPT],
  [c.SMFIC_DATA, c.SMFIP_NR_DATA],
  [c.SMFIC_HEADER, c.SMFIP_NR_HDR],
  [c.SMFIC_EOH, c.SMFIP_NR_EOH],
  [c.SMFIC_BODY, c.SMFIP_NR_BODY],
  [c.SMFIC_UNKNOWN, c.SMFIP_NR_UNKN],
]);

const wantedSteps = [...silence.values()].reduce((all, bit) => all | bit, c.SMFIP_HDR_LEADSPC);

/** Macros that end up in the envelope, at the first stage at which a server knows them. */
const wantedMacros: readonly (readonly [stage: number, names: string])[] = [
  [c.SMFIM_CONNECT, "j {daemon_name} {client_name}"],
  [c.SMFIM_HELO, "{tls_version} {cipher} {cert_subject} {cert_issuer}"],
  [c.SMFIM_ENVFROM, "i {auth_authen} {tls_version} {cipher} {cert_subject} {cert_issuer}"],
  [c.SMFIM_ENVRCPT, "i {rcpt_mailer}"],
  [c.SMFIM_DATA, "i"],
  [c.SMFIM_EOM, "i"],
  [c.SMFIM_EOH, "i"],
];

export function decodeOffer(data: Buffer): Offer {
  if (data.length < 12) throw new Fault("bad-input", "negotiation of less than 12 bytes");
  return { version: data.readUInt32BE(0), actions: data.readUInt32BE(4), steps: data.readUInt32BE(8) };
}

/** Takes the wanted of what is offered, never more: a server ends a connection that asks for what it has not. */
export function agree(offer: Offer): Agreement {
  if (offer.version < c.SMFI_PROT_VERSION_MIN)
    throw new Fault("bad-input", `milter version ${offer.version}, at least ${c.SMFI_PROT_VERSION_MIN} is needed`);
  return {
    version: Math.min(offer.version, c.SMFI_PROT_VERSION),
    actions: offer.actions & wantedActions,
    steps: offer.steps & wantedSteps,
  };
}

export function encodeAgreement(agreement: Agreement): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt32BE(agreement.version, 0);
  head.writeUInt32BE(agreement.actions, 4);
  head.writeUInt32BE(agreement.steps, 8);
  const lists = (agreement.actions & c.SMFIF_SETSYMLIST) === 0 ? [] : wantedMacros.map(encodeMacroList);
  return frame(c.SMFIC_OPTNEG, head, ...lists);
}

function encodeMacroList([stage, names]: readonly [number, string]): Buffer {
  const list = Buffer.alloc(4 + names.length + 1);
  list.writeUInt32BE(stage, 0);
  list.write(names, 4, "latin1");
  return list;
}

/** Whether the server waits for a reply to this command. */
export function awaitsReply(agreement: Agreement, command: number): boolean {
  const bit = silence.get(command);
  return bit !== undefined && (agreement.steps & bit) === 0;
}

export function hasLeadingSpace(agreement: Agreement): boolean {
  return (agreement.steps & c.SMFIP_HDR_LEADSPC) !== 0;
}
