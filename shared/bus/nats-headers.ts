// Names and values in the headers of NATS messages. An answer without headers is an answer, one with a parcel's key lies
// in the store, any other is a fault.

import { headers, type MsgHdrs } from "@nats-io/transport-node";
import { asBuffer } from "../as-buffer.ts";
import { Fault, type FaultCode } from "../fault.ts";

/** ms that the asker still waits. No time of day: clocks of machines differ, and are set. */
export const leftHeader = "Sluice-Left";
/** ms on a clock of the asker's own, at which it sent the question. */
export const sentHeader = "Sluice-Sent";
/** https://www.w3.org/TR/trace-context/#traceparent-header */
export const traceHeader = "traceparent";
/** Key of an answer that was too large to send. */
export const parcelHeader = "Sluice-Parcel";
/** Code of a fault; its message is the payload. */
export const faultHeader = "Sluice-Fault";
/** Set beside the code when the bus itself answers for a full instance. */
export const instanceHeader = "Sluice-Instance";

/** Bytes of a fault's message that travel: it is for a log line. */
const messageLimit = 1000;

const codes: Readonly<Record<FaultCode, true>> = {
  busy: true,
  nobody: true,
  late: true,
  closed: true,
  "too-large": true,
  refused: true,
  "bad-input": true,
  "bad-config": true,
  unavailable: true,
  failed: true,
};

/** Headers and payload that carry a fault. */
export function writeFault(fault: Fault): { head: MsgHdrs; body: Uint8Array } {
  const head = headers();
  head.set(faultHeader, fault.code);
  return { head, body: Buffer.from(fault.message).subarray(0, messageLimit) };
}

/** The fault that an answer carries; `failed` when its code is none of ours. */
export function readFault(code: string, body: Uint8Array): Fault {
  const message = asBuffer(body).toString("utf8");
  return new Fault(isCode(code) ? code : "failed", message);
}

function isCode(code: string): code is FaultCode {
  return Object.hasOwn(codes, code);
}
