// Models of users' own. They lie in the same table as that of all: each token of a mail counts a second time under a
// number that holds the user's name too, so memory stays as it is and what all users taught helps each of them
// (Attenberg and others, "Collaborative Email-Spam Filtering with the Hashing-Trick", 2009).

import type { Envelope } from "../../shared/task.ts";
import { hashText } from "./words.ts";

export type Owners = "none" | "user" | "domain";

/** Who has a model of its own for this mail: an address or a domain; "" is nobody. */
export function ownerName({ deliverTo, rcpts }: Envelope, owners: Owners): string {
  if (owners === "none") return "";
  // Where a mail goes to several, it is nobody's own.
  const address = (deliverTo ?? (rcpts.length === 1 ? (rcpts[0] ?? "") : "")).toLowerCase();
  return owners === "user" ? address : address.slice(address.lastIndexOf("@") + 1);
}

/** A number for the owner; 0 is nobody. */
export function ownerOf(envelope: Envelope, owners: Owners): number {
  const name = ownerName(envelope, owners);
  return name === "" ? 0 : hashText(name) | 1;
}
