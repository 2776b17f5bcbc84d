// Room for the messages that a gateway holds. All together have a bound, beyond which a client is to come again. Before that,
// large ones wait for each other: however many come at once, few of them are in memory, and a small mail is not behind all.

import { Fault } from "./fault.ts";

export interface RoomLimits {
  /** Bytes of all messages. */
  readonly all: number;
  /** Bytes of the large ones. One by itself may have more. */
  readonly large: number;
}

/** Bytes beyond which a message is large. */
export const largeMessage = 1024 * 1024;

interface Waiting {
  readonly size: number;
  readonly begin: () => void;
}

export class Room {
  /** Replaced when the configuration changes. */
  limits: RoomLimits;
  #all = 0;
  #large = 0;
  readonly #queue: Waiting[] = [];

  constructor(limits: RoomLimits) {
    this.limits = limits;
  }

  /** Bytes that are held. */
  get held(): number {
    return this.#all;
  }

  /** For one message. */
  enter(): Stay {
    return new Stay(this);
  }

  /** Takes so many bytes, or faults: `busy`. */
  take(size: number): void {
    if (this.#all + size > this.limits.all) throw new Fault("busy", "too many messages are being received");
    this.#all += size;
  }

  /** Waits for `patience` ms at most until a large message has its turn. Faults: `busy`. */
  async turn(size: number, patience: number): Promise<void> {
    if (this.#queue.length > 0 || !this.#fits(size)) await this.#wait(size, patience);
    else this.#large += size;
  }

  /** Gives back what was taken, and the turn. */
  give(taken: number, large: number): void {
    this.#all -= taken;
    this.#large -= large;
    for (let next = this.#queue[0]; next !== undefined && this.#fits(next.size); next = this.#queue[0]) {
      this.#queue.shift();
      this.#large += next.size;
      next.begin();
    }
  }

  #fits(size: number): boolean {
    return this.#large === 0 || this.#large + size <= this.limits.large;
  }

  #wait(size: number, patience: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        size,
        begin() {
          clearTimeout(timer);
          resolve();
        },
      };
      const timer = setTimeout(() => {
        this.#queue.splice(this.#queue.indexOf(waiting), 1);
        reject(new Fault("busy", "too many large messages are being received"));
      }, patience);
      this.#queue.push(waiting);
    });
  }
}

/** What one message has of the room. */
export class Stay {
  readonly #room: Room;
  #taken = 0;
  #large = 0;
  #left = false;

  constructor(room: Room) {
    this.#room = room;
  }

  /** Counts bytes that came. Faults: `busy`. */
  add(size: number): void {
    this.#room.take(size);
    this.#taken += size;
  }

  /** Whether it counts as a large one. */
  get isLarge(): boolean {
    return this.#large > 0;
  }

  /** To be awaited before a message is read that has, or may have, so many bytes. Faults: `busy`, after `patience` ms. */
  async becomeLarge(size: number, patience: number): Promise<void> {
    if (this.isLarge) return;
    await this.#room.turn(size, patience);
    if (this.#left) this.#room.give(0, size);
    else this.#large = size;
  }

  /** All of it has come: others may have what was kept for more. */
  settle(): void {
    const spare = Math.max(0, this.#large - Math.max(1, this.#taken));
    this.#large -= spare;
    this.#room.give(0, spare);
  }

  /** The message is let go. */
  leave(): void {
    const [taken, large] = [this.#taken, this.#large];
    this.#taken = 0;
    this.#large = 0;
    this.#left = true;
    this.#room.give(taken, large);
  }
}
