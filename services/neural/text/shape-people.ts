// Whether author and recipient know each other's names: in the first words and in the last.

import type { Facts, Mailbox } from "../../../shared/task.ts";
import { feature, type Marks, mark } from "./shape.ts";

const greetsByName = feature("greets the recipient by name", -0.5);
const greetsByUser = feature("greets the recipient by the user part of the address", 0.7);
const greetsByAddress = feature("names the recipient's address in the text", 0.5);
const subjectAddress = feature("subject with the recipient's address", 0.7);
const greetsNobody = feature("greets nobody in particular", 0.4);
const signsByName = feature("author's first name ends the text", -0.5);

/** Characters at either end in which a greeting or a name is looked for. */
const edge = 160;

/** Characters of a text that are looked at. */
const longest = 20_000;

export function markPeople({ headers, text }: Pick<Facts, "headers" | "text">, marks: Marks): void {
  const body = text[0]?.text.slice(0, longest).trim() ?? "";
  if (body === "") return;
  const start = body.slice(0, edge).toLowerCase();
  const [to] = headers.to;
  if (to !== undefined) markRecipient(to, start, body, headers.subject ?? "", marks);
  if (
    /^(?:dear|hello|hi|attn|attention)[ ,:]+(?:\w+ )?(?:customer|client|user|member|friend|sir|madam|beneficiary|winner)/.test(
      start,
    )
  ) {
    mark(marks, greetsNobody);
  }
  const first = firstName(headers.from[0]);
  if (first === "") return;
  const quote = body.search(/\n(?:>|On .{10,80}wrote:)/);
  const own = quote > 0 ? body.slice(0, quote).trimEnd() : body;
  if (own.length > 60 && own.slice(-edge).toLowerCase().includes(first)) mark(marks, signsByName);
}

function markRecipient(to: Mailbox, start: string, body: string, subject: string, marks: Marks): void {
  const name = firstName(to);
  if (name !== "" && isGreeted(name, start)) mark(marks, greetsByName);
  if (to.address.length < 6 || !to.valid) return;
  // A person is greeted by a name; who knows the address only, greets that.
  const user = to.user.toLowerCase();
  if (user !== name && /[\d._-]/.test(user) && isGreeted(user, start)) mark(marks, greetsByUser);
  const address = to.address.toLowerCase();
  if (subject.toLowerCase().includes(address)) mark(marks, subjectAddress);
  if (body.slice(0, 2_000).toLowerCase().includes(address)) mark(marks, greetsByAddress);
}

const greeting = /^(?:dear|hello|hi|hey|good \w+)?[ ,]*/;

/** Whether a text begins with a name, or a greeting and the name. */
function isGreeted(name: string, start: string): boolean {
  const at = greeting.exec(start)?.[0].length ?? 0;
  return start.startsWith(name, at) && !/^(?:[\p{L}\d_]|[.@-][\p{L}\d])/u.test(start.slice(at + name.length));
}

/** First word of a display name, in small letters; "" when it is none of three letters or more. */
function firstName(mailbox: Mailbox | undefined): string {
  return /^[\p{L}]{3,}/u.exec(mailbox?.name ?? "")?.[0].toLowerCase() ?? "";
}
