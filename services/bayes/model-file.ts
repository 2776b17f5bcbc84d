// The model as bytes: the counters of all tokens, and how many lessons they hold.

import { Fault } from "../../shared/fault.ts";
import type { LearnerPlace, ModelKeeper } from "../../shared/learning/learner.ts";
import type { Counters } from "../../shared/store/store.ts";
import { configAt } from "./config.ts";
import { forgetHalving } from "./halving.ts";
import { type Model, openModel } from "./model.ts";
import { addressBits } from "./table-size.ts";

//   u8 bits, three bytes of zero, then the small table (three u32), then the large one (u16), little-endian
const head = 4;
const countsBytes = 12;

async function modelAt({ store, log, config }: LearnerPlace): Promise<Model> {
  return openModel({ store, log }, configAt(config).size);
}

function bytesOf({ buffer, byteOffset, byteLength }: Counters): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

export const modelFile: ModelKeeper = {
  async read(place) {
    const model = await modelAt(place);
    const counts = bytesOf(await model.counts.table.read());
    const tokens = bytesOf(await model.tokens.table.read());
    const bytes = new Uint8Array(head + counts.length + tokens.length);
    bytes[0] = model.bits;
    bytes.set(counts, head);
    bytes.set(tokens, head + counts.length);
    return bytes;
  },
  check(bytes, { config }) {
    const bits = addressBits(configAt(config).size);
    if (bytes[0] === bits && bytes.length === head + countsBytes + 2 ** (bits + 2)) return;
    const size = bytes.length - head - countsBytes;
    throw new Fault("bad-input", `a model of another size: set classifier.bayes.size to ${size}`);
  },
  async write(bytes, place) {
    await this.check(bytes, place);
    const model = await modelAt(place);
    await forgetHalving(place.store);
    // A copy lies where the counters of a typed array must lie.
    await model.counts.table.write(new Uint32Array(new Uint8Array(bytes.subarray(head, head + countsBytes)).buffer));
    await model.tokens.table.write(new Uint16Array(new Uint8Array(bytes.subarray(head + countsBytes)).buffer));
  },
  async reset(place) {
    const model = await modelAt(place);
    await forgetHalving(place.store);
    await model.counts.table.reset();
    await model.tokens.table.reset();
  },
};
