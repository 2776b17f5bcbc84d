// A coordinator that looks at nothing: test patterns in the body decide, or a header says what the verdict is.
//   X-Verdict: {"action": "quarantine", "message": "why", "changes": {...}, "delay": 1000}

import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Bus, Serving } from "../../shared/bus/bus.ts";
import { type ScanRequest, scanSubject } from "../../shared/scan.ts";
import type { Changes, Verdict } from "../../shared/verdict.ts";

/** GTUBE, and the variants of Rspamd's test patterns: the first letter chooses the action. */
export const gtube = (letter: "X" | "Y" | "Z") =>
  `${letter}JS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X`;

type Said = Partial<Pick<Verdict, "action" | "message" | "subject">> & {
  readonly changes?: Partial<Changes>;
  /** ms. */
  readonly delay?: number;
};

export function serveFakeCoordinator(bus: Bus): Promise<Serving> {
  return bus.serve(scanSubject, { slots: 100 }, async (request) => {
    const raw = Buffer.from("raw" in request.facts ? request.facts.raw : []);
    const text = raw.toString("latin1");
    const { delay: ms, changes, action, message, subject } = said(text);
    if (ms !== undefined) await delay(ms);
    return {
      ...blank(request, raw),
      action: action ?? "no action",
      ...(message === undefined ? {} : { message }),
      ...(subject === undefined ? {} : { subject }),
      changes: {
        addHeaders: [{ name: "X-Digest", value: createHash("sha256").update(raw).digest("hex"), order: -1 }],
        removeHeaders: [],
        dkimSignatures: [],
        ...changes,
      },
    };
  });
}

function said(text: string): Said {
  const json = /^X-Verdict: *(\{.*\})\r$/m.exec(text)?.[1];
  if (json !== undefined) return JSON.parse(json);
  if (text.includes(gtube("X"))) return { action: "reject", message: "Gtube pattern" };
  if (text.includes(gtube("Y"))) return { action: "add header" };
  const subject = /^Subject: *(.*)\r$/m.exec(text)?.[1] ?? "";
  if (text.includes(gtube("Z"))) return { action: "rewrite subject", subject: `***SPAM*** ${subject}` };
  return {};
}

function blank({ id }: ScanRequest, raw: Buffer): Omit<Verdict, "action" | "changes"> {
  return {
    id,
    score: 0,
    required: 15,
    thresholds: {},
    symbols: [],
    groups: {},
    skipped: false,
    messageId: "",
    urls: [],
    emails: [],
    failed: [],
    timings: [],
    elapsed: 0,
    size: raw.length,
  };
}
