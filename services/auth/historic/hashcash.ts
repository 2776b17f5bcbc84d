// Hashcash: mail whose sender has paid for each recipient with time of a processor.

import { createHash } from "node:crypto";
import { type Context, defineCheck } from "../../../shared/check.ts";
import { duration, flag, integer, section } from "../../../shared/config/schema.ts";
import { withoutTag } from "../../../shared/message/subaddress.ts";
import type { Envelope, Headers, Structure } from "../../../shared/task.ts";
import { readStamp, type Stamp } from "./stamp.ts";

const day = 86_400_000;

export const hashcashConfig = {
  hashcash: section("Stamps that cost the sender time of a processor (header X-Hashcash).", {
    enabled: flag(false, "Look at stamps."),
    min_bits: integer(20, "Stamps of fewer bits count for nothing.", { min: 1, max: 160 }),
    expiry: duration(28 * day, "How long a stamp is good.", { min: 60_000, max: 3_650 * day }),
    grace: duration(2 * day, "How far clocks may differ.", { max: 30 * day }),
  }),
};

const symbols = {
  HASHCASH: {
    score: -0.5,
    factor: 4,
    about: "The sender has paid for each recipient with a stamp; the more bits, the more it counts (Hashcash).",
  },
  HASHCASH_BAD: {
    score: 0,
    about: "A stamp counts for nothing: expired, for others, too cheap, used before (Hashcash).",
  },
};
type Ctx = Context<keyof typeof symbols, never, { readonly hashcash: HashcashValues }>;

interface HashcashValues {
  readonly min_bits: number;
  readonly expiry: number;
  readonly grace: number;
}

/** Stamps of one message that are looked at. */
const mostStamps = 20;

/** Stamps that are good today, the best for each recipient; what is wrong with others is raised. */
function goodStamps(headers: Headers, ctx: Ctx): ReadonlyMap<string, Stamp> {
  const good = new Map<string, Stamp>();
  const fields = headers.fields.filter(({ key }) => key === "x-hashcash" || key === "hashcash");
  for (const { raw } of fields.slice(0, mostStamps)) {
    const stamp = readStamp(raw.slice(0, 1024));
    const reason = stamp instanceof Error ? stamp.message : whyNot(stamp, ctx);
    if (stamp instanceof Error || reason !== "") {
      ctx.hit("HASHCASH_BAD", { options: [reason] });
      continue;
    }
    const resource = withoutTag(stamp.resource);
    if ((good.get(resource)?.bits ?? 0) < stamp.bits) good.set(resource, stamp);
  }
  return good;
}

function whyNot({ bits, date }: Stamp, ctx: Ctx): string {
  const { min_bits, expiry, grace } = ctx.config.hashcash;
  if (bits < min_bits) return "too few bits";
  if (date > ctx.now + grace) return "from the future";
  return date + expiry + grace < ctx.now ? "expired" : "";
}

/** A stamp for every recipient, or null: one that is paid for does not take others along. */
function payment({ rcpts }: Envelope, stamps: ReadonlyMap<string, Stamp>): readonly Stamp[] | null {
  const paid: Stamp[] = [];
  for (const recipient of new Set(rcpts.map(withoutTag))) {
    const stamp = stamps.get(recipient);
    if (stamp === undefined) return null;
    paid.push(stamp);
  }
  return paid.length === 0 ? null : paid;
}

/** The same for a message that is scanned again, be it by another host that has added a header. */
function messageKey({ subject, messageId, date }: Headers, { parts }: Structure): string {
  const digests = parts.map(({ digest }) => digest);
  return createHash("sha1")
    .update(JSON.stringify([subject, messageId, date, digests]))
    .digest("hex");
}

/** Whether it was spent on another message. What cannot be used any more need not be remembered. */
async function isSpent(stamp: Stamp, message: string, ctx: Ctx): Promise<boolean> {
  const { expiry, grace } = ctx.config.hashcash;
  const key = `hashcash:${stamp.digest}`;
  const left = stamp.date + expiry + grace - ctx.now;
  if (await ctx.store.add(key, message, Math.max(1_000, left))) return false;
  return (await ctx.store.get(key)) !== message;
}

export const hashcash = defineCheck({
  name: "HASHCASH_CHECK",
  about: "Looks at stamps that the sender has paid for with time of a processor (Hashcash).",
  stage: "filter",
  group: "policies",
  reads: ["headers", "structure"],
  config: hashcashConfig,
  symbols,
  configured: ({ hashcash }) => (hashcash.enabled ? {} : null),
  async run(task, ctx) {
    const stamps = goodStamps(task.headers, ctx);
    if (stamps.size === 0) return;
    const paid = payment(task.envelope, stamps);
    if (paid === null) return ctx.hit("HASHCASH_BAD", { options: ["not for each recipient"] });
    const message = messageKey(task.headers, task.structure);
    const spent = await Promise.all(paid.map((stamp) => isSpent(stamp, message, ctx)));
    if (spent.includes(true)) return ctx.hit("HASHCASH_BAD", { options: ["used before"] });
    const bits = Math.min(...paid.map((stamp) => stamp.bits));
    ctx.hit("HASHCASH", {
      factor: Math.min(symbols.HASHCASH.factor, bits - ctx.config.hashcash.min_bits + 1),
      options: [`${bits} bits`],
    });
  },
});
