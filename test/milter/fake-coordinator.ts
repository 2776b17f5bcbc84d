// A coordinator that looks at nothing: a header says what the verdict is, odd ones included.
//   X-Verdict: {"action": "quarantine", "message": "why", "changes": {"body": "new\r\n", "times": 1000, ...}}

import { createHash } from "node:crypto";
import type { Bus, Serving } from "../../shared/bus/bus.ts";
import { scanSubject } from "../../shared/scan.ts";
import { blankVerdict } from "../../shared/verdict.testing.ts";
import type { Changes, Verdict } from "../../shared/verdict.ts";

type Said = Partial<Pick<Verdict, "action" | "message" | "subject">> & {
  /** The new body as text, so many times. */
  readonly changes?: Partial<Omit<Changes, "body">> & { readonly body?: string; readonly times?: number };
};

export function serveFakeCoordinator(bus: Bus): Promise<Serving> {
  return bus.serve(scanSubject, { slots: 100 }, async (request) => {
    const raw = Buffer.from("raw" in request.facts ? request.facts.raw : []);
    const text = raw.toString("latin1");
    const { changes = {}, action, message, subject } = said(text);
    const { body, times = 1, ...others } = changes;
    return {
      ...blankVerdict({ id: request.id, size: raw.length }),
      ...(action === undefined ? {} : { action }),
      ...(message === undefined ? {} : { message }),
      ...(subject === undefined ? {} : { subject }),
      changes: {
        addHeaders: [{ name: "X-Digest", value: createHash("sha256").update(raw).digest("hex"), order: -1 }],
        removeHeaders: [],
        dkimSignatures: [],
        ...others,
        ...(body === undefined ? {} : { body: Buffer.from(body.repeat(times)) }),
      },
    };
  });
}

function said(text: string): Said {
  const json = /^X-Verdict: *(\{.*\})\r$/m.exec(text)?.[1];
  return json === undefined ? {} : JSON.parse(json);
}
