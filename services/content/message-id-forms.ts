// The forms of Message-IDs by the program that makes them, without the angle brackets. Facts about programs: which
// digits are a time, which are chance, which are always the same.

/** Outlook and Outlook Express: counter and upper half of a FILETIME, lower half, chance, each in hex. */
export const dollars = /^[0-9a-f]{4,12}\$[0-9a-f]{4,8}\$[0-9a-f]{4,8}@\S+$/i;
/** The same, with the eight digits of the time. */
export const dollarsTime = /^[0-9a-f]{4}([0-9a-f]{8})\$[0-9a-f]{8}\$[0-9a-f]{8}@/i;

/** What Outlook writes otherwise: MAPI identifiers, Hotmail's accounts, Windows Mail, Exchange. */
const outlookForms: readonly RegExp[] = [
  dollars,
  /^!~!\S+@\S+$/,
  /^[A-Za-z0-9-]{7}[A-Za-z0-9]{20}@hotmail\.com$/,
  /^[0-9A-F]{32,40}@\S+$/i,
  /^[A-Z]{2,}[A-Z0-9]{24,40}\.[\w-]+@\S+$/,
  // Outlook IMO: 28 characters of base 32 with the sender's user part behind.
  /^[A-Z]{4}[A-Z0-9]{22,28}\.\S+@\S+$/,
];

/** Made by a server for a mail that came without one. */
const addedForms: readonly RegExp[] = [
  // Sendmail with a date before and after version 8.10, Postfix, Exim, qmail and Courier.
  /^\d{14}\.[A-Za-z0-9]{3,}@/,
  /^20\d{10}\.(?:[A-Z]{3}\d{5}|[a-zA-Z][0-9A-Za-z]{9,13})@/,
  /^20\d{12}\.[0-9A-F]{8,}@/i,
  /^E1[A-Za-z0-9-]{14,26}@/,
];

/** Made by a server that gives every mail its own, whatever it had before. */
const replacedForms: readonly RegExp[] = [
  // iPlanet and its heirs, Lyris, ezmlm, Mailman.
  /^0[A-Z0-9]{13}@/,
  /^LISTMANAGER/i,
  /^LYRIS-/i,
  /^mailman\.\d+\.\d+\./,
  // News servers (INN), and TMDA.
  /^[a-z0-9]{5,7}\$[a-z0-9]{2,4}\$\d{1,3}@/,
  /^\d{10}\.\d{1,7}\.TMDA@/,
  // Yahoo, Hotmail, Google, Amazon, Microsoft, Mailgun, SendGrid.
  /@(?:[\w-]+\.)*mail\.yahoo\.com$/,
  /^BAY\d+-\S+@phx\.gbl$/,
  /@(?:smtpin_added_\w+\.)?mx\.google\.com$/i,
  /@mail\.gmail\.com$/,
  /@(?:[\w-]+\.)?(?:email\.)?amazonses\.com$/,
  /@\S*\.(?:outlook|exchangelabs)\.com$/i,
  /@(?:geopod-ismtpd\S*|ismtpd\S*)$/,
];

export function isOutlookForm(id: string): boolean {
  return outlookForms.some((form) => form.test(id));
}

/** Whether a server replaced the program's own: nothing is known of that. */
export function isReplaced(id: string): boolean {
  return replacedForms.some((form) => form.test(id));
}

/** Whether a server made it, for whatever reason. */
export function isServerForm(id: string): boolean {
  return isReplaced(id) || addedForms.some((form) => form.test(id));
}
