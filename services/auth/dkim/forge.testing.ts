// Signatures for tests, with whatever tags: also those that no honest signer would write.

import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { analyse } from "../../../shared/message/analyse.ts";
import { hashBody } from "./body-hash.ts";
import { headerForm } from "./header-form.ts";
import { openMessage } from "./message.ts";
import { signText } from "./private-key.ts";
import { readSignature } from "./signature.ts";

export interface TestKey {
  readonly key: KeyObject;
  /** p= */
  readonly published: string;
}

export function rsaKey(bits: number): TestKey {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: bits });
  return { key: privateKey, published: publicKey.export({ type: "spki", format: "der" }).toString("base64") };
}

export function ed25519Key(): TestKey {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return {
    key: privateKey,
    published: publicKey.export({ type: "spki", format: "der" }).subarray(-32).toString("base64"),
  };
}

/**
 * The message with a signature on top. In the tags BODY stands for the hash of the body and SIGNATURE for the signature:
 * "v=1; a=rsa-sha256; d=example.org; s=a; h=from; bh=BODY; b=SIGNATURE".
 */
export function withSignature(tags: string, mail: string, { key }: TestKey): string {
  const message = openMessage(analyse(Buffer.from(mail, "latin1")));
  const draft = tags.replace("SIGNATURE", "AAAA");
  const clock = { now: 0, jitter: Number.POSITIVE_INFINITY };
  const field = { name: "DKIM-Signature", key: "dkim-signature", raw: ` ${draft.replace("BODY", "AAAA")}`, value: "" };
  const { signature, refused } = readSignature(field, clock);
  // What cannot be read is signed as if it were simple: nobody gets so far as to look.
  const form = signature?.headerForm ?? "simple";
  const body = mail.slice(mail.indexOf("\r\n\r\n") + 4);
  const length = signature?.length ?? Number.POSITIVE_INFINITY;
  const [hash] = hashBody(Buffer.from(body, "latin1"), signature?.bodyForm ?? "simple", [length]);
  const hashed = tags.replace("BODY", hash?.digest ?? "");
  const names = refused === "" ? (signature?.names ?? []) : [];
  const own = headerForm({ ...field, raw: ` ${hashed.replace(/(b\s*=)\s*SIGNATURE\s*/, "$1")}` }, form);
  const value = hashed.replace("SIGNATURE", signText(key, message.selection(names, form, null) + own));
  return `DKIM-Signature: ${value}\r\n${mail}`;
}
