// Who writes to whom, and by what names.

import type { Facts, Mailbox } from "../../../shared/task.ts";
import { brandOf } from "./brands.ts";
import { isFreemail, suffixKind } from "./hosts.ts";
import { climb, feature, ladder, type Marks, mark } from "./shape.ts";

const answers = feature("answers another mail", -1.2);
const noAuthor = feature("no author", 0.7);
const authorUnnamed = feature("author without a name", 0);
const authorIsAddress = feature("author's name is an address", 0.2);
const authorIsOtherAddress = feature("author's name is another address", 0.8);
const authorShouts = feature("author's name in capitals", 0.4);
const authorFreemail = feature("author has a free mailbox", 0.1);
const authorDigits = feature("author's address with many digits", 0.3);
const authorLong = feature("author's address is long", 0.1);
const authorTwoWords = feature("author's name of two or three words", -0.2);
const authorBrand = feature("author's name is a known one, and the domain theirs", -0.6);
const authorBorrowed = feature("author's name is a known one, and the domain another's", 1.2);
const subjectBorrowed = feature("subject names a known one, and the domain is another's", 0.2);
const authorWildSuffix = feature("author in a cheap suffix", 0.6);
const authorSoundSuffix = feature("author in a sound suffix", -0.4);
const authorGarbled = feature("author's address without vowels", 0.7);
const authorNamedSo = feature("author's name stands in the address", -0.2);
const replyElsewhere = feature("answers go to another domain", 0.3);
const replyFreemail = feature("answers go to a free mailbox, elsewhere", 1.2);
const noRecipient = feature("no recipient in the headers", 0.5);
const undisclosed = feature("recipients not disclosed", 0.7);
const toNamed = feature("recipient has a name", -0.2);
const toSelf = feature("writes to itself", 0.5);
const toSeveral = ladder("recipients", [
  [2, 0],
  [5, 0.1],
  [15, 0.2],
]);
const copied = feature("copies go to others", -0.5);

export function markHeaders({ headers }: Pick<Facts, "headers">, marks: Marks): void {
  const { fields } = headers;
  if (fields.some(({ key }) => key === "in-reply-to" || key === "references")) mark(marks, answers);
  const [author] = headers.from;
  if (author === undefined) mark(marks, noAuthor);
  else {
    markAuthor(author, headers.replyTo[0], marks);
    markBrand(author, headers.subject ?? "", marks);
  }
  const shown = headers.to.length + headers.cc.length;
  const to = headers.to[0];
  if (shown === 0) {
    const field = fields.find(({ key }) => key === "to");
    mark(marks, field !== undefined && /undisclosed|recipients?\b/i.test(field.value) ? undisclosed : noRecipient);
  }
  climb(marks, toSeveral, shown);
  if (headers.cc.length > 0) mark(marks, copied);
  if (to !== undefined && to.name !== "" && to.name.toLowerCase() !== to.address.toLowerCase()) mark(marks, toNamed);
  if (to !== undefined && to.address === author?.address) mark(marks, toSelf);
}

/** Characters of a name or subject in which known names are looked for. */
const longestName = 200;

function markBrand({ name, domain }: Mailbox, subject: string, marks: Marks): void {
  if (domain === "") return;
  const borrowed = brandOf(name.slice(0, longestName), domain);
  if (borrowed !== 0) mark(marks, borrowed < 0 ? authorBorrowed : authorBrand);
  else if (brandOf(subject.slice(0, longestName), domain) < 0) mark(marks, subjectBorrowed);
}

/** Whether a word of the name, of three letters or more, is in the user part. */
function isNamedSo(name: string, user: string): boolean {
  const address = user.toLowerCase();
  return name
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .some((word) => word.length >= 3 && address.includes(word));
}

function markAuthor({ name, address, user, domain }: Mailbox, reply: Mailbox | undefined, marks: Marks): void {
  if (name === "") mark(marks, authorUnnamed);
  else if (name.includes("@")) {
    mark(marks, name.toLowerCase().includes(address.toLowerCase()) ? authorIsAddress : authorIsOtherAddress);
  } else {
    if (name.length >= 5 && name === name.toUpperCase() && name !== name.toLowerCase()) mark(marks, authorShouts);
    if (/^\p{Lu}[\p{L}.'-]* (?:\p{Lu}[\p{L}.'-]* )?\p{Lu}[\p{L}'-]+$/u.test(name)) mark(marks, authorTwoWords);
  }
  const free = isFreemail(domain);
  if (free) mark(marks, authorFreemail);
  if (/\d\D*\d\D*\d\D*\d/.test(user)) mark(marks, authorDigits);
  if (user.length > 24) mark(marks, authorLong);
  if (/^[^aeiouy\d._-]{5,}$/i.test(user)) mark(marks, authorGarbled);
  if (name !== "" && isNamedSo(name, user)) mark(marks, authorNamedSo);
  const kind = suffixKind(domain);
  if (kind !== 0) mark(marks, kind > 0 ? authorWildSuffix : authorSoundSuffix);
  if (reply !== undefined && reply.domain !== "" && reply.domain !== domain) {
    mark(marks, replyElsewhere);
    if (isFreemail(reply.domain)) mark(marks, replyFreemail);
  }
}
