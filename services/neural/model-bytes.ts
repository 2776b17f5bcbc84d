// What was learned of texts as bytes, for backup and migration: the sums of all lessons. The networks over symbols are not in
// it: they are trained anew within days.
//
//   u8 schema, three bytes of zero, u32 lessons of spam, u32 lessons of ham, then u32 for each counter, little-endian

import { Fault } from "../../shared/fault.ts";
import type { LearnerPlace, ModelKeeper } from "../../shared/learning/learner.ts";
import { configAt, profilesOf } from "./config.ts";
import { openSchool } from "./school.ts";
import { forgetLessons } from "./symbols/memory.ts";
import { announce, lessonsOf, symbolsKey, textKey } from "./tables.ts";
import { schema } from "./text/features.ts";
import { cells } from "./text/network.ts";

const head = 12;

function check(bytes: Uint8Array): void {
  if (bytes.length !== head + 8 * cells) throw new Fault("bad-input", "a model of another size");
  if (bytes[0] !== schema) throw new Fault("bad-input", `a model of schema ${bytes[0]}, this is ${schema}`);
}

async function setLessons(place: LearnerPlace, spam: number, ham: number): Promise<void> {
  const { published } = await openSchool(place.store, place.log);
  const { table, live } = published.counts;
  const [, , text = 0, symbols = 0] = live.counters;
  await table.write(Uint32Array.of(spam, ham, text, symbols));
}

export const modelFile: ModelKeeper = {
  async read({ store, log }) {
    const { sums, published } = await openSchool(store, log);
    const counters = await sums.table.read();
    const lessons = lessonsOf(published.counts);
    const bytes = new Uint8Array(head + counters.byteLength);
    const view = new DataView(bytes.buffer);
    bytes[0] = schema;
    view.setUint32(4, lessons.spam, true);
    view.setUint32(8, lessons.ham, true);
    bytes.set(new Uint8Array(counters.buffer, counters.byteOffset, counters.byteLength), head);
    return bytes;
  },
  check,
  async write(bytes, place) {
    check(bytes);
    const school = await openSchool(place.store, place.log);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    await school.forgetTrials();
    await school.sums.table.write(new Uint32Array(new Uint8Array(bytes.subarray(head)).buffer));
    await setLessons(place, view.getUint32(4, true), view.getUint32(8, true));
    await school.publish(configAt(place.config).text.min_learns);
  },
  async reset(place) {
    const { store, log } = place;
    const school = await openSchool(store, log);
    const rules = profilesOf(configAt(place.config)).map(({ name }) => name);
    await school.forgetTrials();
    await school.sums.table.reset();
    await setLessons(place, 0, 0);
    await store.delete(textKey);
    for (const rule of rules) await store.delete(symbolsKey(rule));
    await forgetLessons(store, rules);
    await announce(school.published.counts, "text");
    await announce(school.published.counts, "symbols");
    await school.published.current();
  },
};
