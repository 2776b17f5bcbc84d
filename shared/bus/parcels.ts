// What is too large for a message travels by key: the sender puts it in the store, the receiver fetches it from there. A
// fact is put there once, however many questions carry it; a question that is still too large goes there as a whole.

import { randomUUID } from "node:crypto";
import { Fault } from "../fault.ts";
import type { Store } from "../store/store.ts";
import type { Codec } from "./codec.ts";

/** Bytes of an encoded fact or answer that travel in a message, where that may be much larger. */
const inline = 128 * 1024;
/** Bytes of a message that headers may take: names and numbers of our own, and a trace. */
const headRoom = 1024;
/** Facts of a question that lie in the store. */
const mostFacts = 32;
/** ms that a parcel can be fetched: longer than any scan takes. */
const timeToLive = 120_000;

/** Other blobs of the store are not for who can write to the bus. */
const prefix = "parcel-";

export type Blobs = Pick<Store, "putBlob" | "getBlob">;

export class Parcels {
  readonly #codec: Codec;
  readonly #blobs: Blobs | undefined;
  readonly #largest: () => number | undefined;
  readonly #keys = new WeakMap<object, Promise<string>>();

  /**
   * `largest` are the bytes of the largest message. Without a store everything travels inline, and what is too large for the
   * server is the fault `too-large`.
   */
  constructor(codec: Codec, blobs: Blobs | undefined, largest: () => number | undefined = () => undefined) {
    this.#codec = codec;
    this.#blobs = blobs;
    this.#largest = largest;
  }

  /** Bytes that the payload of a message may have. */
  get #room(): number {
    return (this.#largest() ?? Number.POSITIVE_INFINITY) - headRoom;
  }

  /** Bytes of a question; a promise of them when something had to be put in the store. */
  pack(question: unknown): Uint8Array | Promise<Uint8Array> {
    const blobs = this.#blobs;
    const room = this.#room;
    const large = blobs === undefined ? [] : this.#codec.largeFacts(question, Math.min(inline, room));
    if (blobs === undefined) return this.#codec.encode(question);
    if (large.length === 0) return this.#fit(this.#codec.encode(question), room, blobs);
    const put = large.map(async ({ name, fact, bytes }) => [name, await this.#keyOf(fact, bytes, blobs)] as const);
    return Promise.all(put).then((keys) => {
      return this.#fit(this.#codec.encode(question, Object.fromEntries(keys)), room, blobs);
    });
  }

  /** Many facts and findings, each small enough, may be too much together. */
  #fit(bytes: Uint8Array, room: number, blobs: Blobs): Uint8Array | Promise<Uint8Array> {
    if (bytes.length <= room) return bytes;
    return this.#put(bytes, blobs).then((key) => this.#codec.encode({ storedQuestion: key }));
  }

  /** The question; a promise of it when something has to be fetched. Faults with `unavailable` when that is gone. */
  unpack(bytes: Uint8Array): unknown {
    const question = this.#codec.decode(bytes);
    if (!isObject(question)) return question;
    if (question.storedQuestion === undefined) return this.#withFacts(question);
    return this.#fetch(question.storedQuestion).then((fetched) => {
      const whole = this.#codec.decode(fetched);
      return isObject(whole) ? this.#withFacts(whole) : whole;
    });
  }

  #withFacts(question: Record<string, unknown>): unknown {
    if (!isObject(question.storedFacts)) return question;
    const { storedFacts, facts, ...rest } = question;
    const inline = isObject(facts) ? facts : {};
    return this.#fetchAll(storedFacts).then((fetched) => ({ ...rest, facts: { ...inline, ...fetched } }));
  }

  /** Puts an answer in the store; undefined when it can travel in a message. */
  putAnswer(bytes: Uint8Array): Promise<string> | undefined {
    if (this.#blobs === undefined || bytes.length <= Math.min(inline, this.#room)) return undefined;
    return this.#put(bytes, this.#blobs);
  }

  async fetchAnswer(key: string): Promise<unknown> {
    return this.#codec.decode(await this.#fetch(key));
  }

  #keyOf(fact: object, bytes: Uint8Array, blobs: Blobs): Promise<string> {
    const known = this.#keys.get(fact);
    if (known) return known;
    const key = this.#put(bytes, blobs);
    this.#keys.set(fact, key);
    return key;
  }

  async #put(bytes: Uint8Array, blobs: Blobs): Promise<string> {
    const key = `${prefix}${randomUUID()}`;
    await blobs.putBlob(key, bytes, timeToLive);
    return key;
  }

  async #fetchAll(keys: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
    const entries = Object.entries(keys);
    if (entries.length > mostFacts) throw new Fault("bad-input", "a question with too many facts");
    const fetched = entries.map(async ([name, key]) => {
      return [name, this.#codec.decode(await this.#fetch(key))] as const;
    });
    return Object.fromEntries(await Promise.all(fetched));
  }

  async #fetch(key: unknown): Promise<Uint8Array> {
    if (typeof key !== "string" || !key.startsWith(prefix)) throw new Fault("bad-input", "no key of a parcel");
    const bytes = await this.#blobs?.getBlob(key);
    if (bytes === undefined)
      throw new Fault("unavailable", "a part of the message is not in the store that both sides share");
    return bytes;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}
