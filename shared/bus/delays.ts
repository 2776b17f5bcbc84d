// How long messages were under way, between processes whose clocks do not agree: by how much more one took than the
// quickest of its sender's last ones. What lies still, in a server or in a process that stood still, is noticed by that.

/** ms that the quickest of a sender's messages counts at least: a clock that was set makes it wrong. */
const span = 10_000;
/** Senders that are remembered. */
const most = 1000;

interface Sender {
  /** ms on our clock at which the span began. */
  since: number;
  /** Our clock less the sender's, at the quickest message of this span and of the one before. */
  least: number;
  before: number;
}

export class Delays {
  readonly #senders = new Map<string, Sender>();

  /** ms; `sent` on the sender's clock, `now` on ours. Nothing is known of a sender's first message: 0. */
  of(sender: string, sent: number, now: number): number {
    const difference = now - sent;
    if (!Number.isFinite(difference)) return 0;
    const known = this.#senders.get(sender) ?? this.#meet(sender, now);
    // A span without messages has no end: what comes after a standstill is measured by what came before it.
    if (now - known.since > span && known.least < Number.POSITIVE_INFINITY) {
      known.before = known.least;
      known.least = Number.POSITIVE_INFINITY;
      known.since = now;
    }
    known.least = Math.min(known.least, difference);
    return difference - Math.min(known.least, known.before);
  }

  #meet(name: string, now: number): Sender {
    const sender = { since: now, least: Number.POSITIVE_INFINITY, before: Number.POSITIVE_INFINITY };
    const [oldest] = this.#senders.keys();
    if (this.#senders.size >= most && oldest !== undefined) this.#senders.delete(oldest);
    this.#senders.set(name, sender);
    return sender;
  }
}
