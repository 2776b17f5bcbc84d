// The one error class. A fault crosses process boundaries by its code; its message goes to the log and to the
// operator, never to the sender of a mail.

export type FaultCode =
  | "busy" // every slot of the instance asked is taken; another instance may answer
  | "nobody" // nobody serves what was asked
  | "late" // the deadline passed before the answer
  | "closed" // this side is shutting down
  | "too-large" // a limit on size was reached
  | "refused" // a failing actor is not asked for a while (breaker)
  | "bad-input" // what the outside sent cannot be understood
  | "bad-config" // what the operator wrote cannot be understood
  | "unavailable" // a server that is needed (NATS, Redis, disk) does not answer
  | "failed"; // the code that ran threw

const temporaryCodes: ReadonlySet<FaultCode> = new Set([
  "busy",
  "nobody",
  "late",
  "closed",
  "refused",
  "unavailable",
  "failed",
]);

/** A failure that has a name. `temporary` says whether trying again later may work: on doubt a mail is deferred. */
export class Fault extends Error {
  override readonly name = "Fault";
  readonly code: FaultCode;
  readonly temporary: boolean;

  constructor(code: FaultCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.temporary = temporaryCodes.has(code);
  }
}

/** Whatever was thrown, as a fault. Only `failed` is ever made up: what already is a fault keeps its code. */
export function toFault(thrown: unknown): Fault {
  if (thrown instanceof Fault) return thrown;
  return new Fault("failed", thrown instanceof Error ? thrown.message : String(thrown), thrown);
}
