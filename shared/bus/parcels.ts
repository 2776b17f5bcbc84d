// What is too large for a message travels by key: the sender puts it in the store, the receiver fetches it from there. A
// fact is put there once, however many questions carry it.

import { randomUUID } from "node:crypto";
import { Fault } from "../fault.ts";
import type { Store } from "../store/store.ts";
import type { Codec } from "./codec.ts";

/** Bytes of an encoded fact or answer that travel in a message. Servers take 1 MB by default, and a question has several. */
const inline = 128 * 1024;
/** ms that a parcel can be fetched: longer than any scan takes. */
const timeToLive = 120_000;

export type Blobs = Pick<Store, "putBlob" | "getBlob">;

export class Parcels {
  readonly #codec: Codec;
  readonly #blobs: Blobs | undefined;
  readonly #keys = new WeakMap<object, Promise<string>>();

  /** Without a store everything travels inline, and what is too large for the server is the fault `too-large`. */
  constructor(codec: Codec, blobs: Blobs | undefined) {
    this.#codec = codec;
    this.#blobs = blobs;
  }

  /** Bytes of a question; a promise of them when a fact had to be put in the store. */
  pack(question: unknown): Uint8Array | Promise<Uint8Array> {
    const blobs = this.#blobs;
    const large = blobs === undefined ? [] : this.#codec.largeFacts(question, inline);
    if (blobs === undefined || large.length === 0) return this.#codec.encode(question);
    const put = large.map(async ({ name, fact, bytes }) => [name, await this.#keyOf(fact, bytes, blobs)] as const);
    return Promise.all(put).then((keys) => this.#codec.encode(question, Object.fromEntries(keys)));
  }

  /** The question; a promise of it when a fact has to be fetched. Faults with `unavailable` when one is gone. */
  unpack(bytes: Uint8Array): unknown {
    const question = this.#codec.decode(bytes);
    if (!isObject(question) || !isObject(question.storedFacts)) return question;
    const { storedFacts, facts, ...rest } = question;
    const inline = isObject(facts) ? facts : {};
    return this.#fetchAll(storedFacts).then((fetched) => ({ ...rest, facts: { ...inline, ...fetched } }));
  }

  /** Puts an answer in the store; undefined when it can travel in a message. */
  putAnswer(bytes: Uint8Array): Promise<string> | undefined {
    if (this.#blobs === undefined || bytes.length <= inline) return undefined;
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
    const key = `parcel-${randomUUID()}`;
    await blobs.putBlob(key, bytes, timeToLive);
    return key;
  }

  async #fetchAll(keys: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
    const fetched = Object.entries(keys).map(async ([name, key]) => {
      return [name, this.#codec.decode(await this.#fetch(String(key)))] as const;
    });
    return Object.fromEntries(await Promise.all(fetched));
  }

  async #fetch(key: string): Promise<Uint8Array> {
    const bytes = await this.#blobs?.getBlob(key);
    if (bytes === undefined)
      throw new Fault("unavailable", "a part of the message is not in the store that both sides share");
    return bytes;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}
