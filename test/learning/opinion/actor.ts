// A classifier for tests: what its subject says is its opinion, and its model counts lessons.

import { defineActor } from "../../../shared/actor.ts";
import { defineCheck } from "../../../shared/check.ts";
import { Fault } from "../../../shared/fault.ts";
import type { Learner, LearnerPlace } from "../../../shared/learning/learner.ts";
import type { Table } from "../../../shared/store/store.ts";

const opinion = defineCheck({
  name: "OPINION_CHECK",
  about: "Takes every mail for spam whose subject says so.",
  stage: "classify",
  group: "statistics",
  reads: ["headers"],
  symbols: {
    TEST_OPINION: { score: 20, about: "The subject says that it is spam." },
  },
  run(task, ctx) {
    if (task.headers.subject?.includes("opinion")) ctx.hit("TEST_OPINION");
  },
});

/** One counter for spam, one for ham. */
function tableAt({ store }: LearnerPlace): Promise<Table> {
  return store.table("opinion", { cells: 2, bits: 32 });
}

const learner: Learner = {
  reads: ["structure"],
  schema: 7,
  features: () => new Uint8Array([1]),
  async apply(changes, place) {
    const table = await tableAt(place);
    for (const { kind, label, key } of changes) {
      const by = kind === "unlearn" ? -1 : 1;
      await table.add(Uint32Array.of(label === "spam" ? 0 : 1), Int32Array.of(by), key);
    }
  },
  async learned(place) {
    const [spam = 0, ham = 0] = await (await tableAt(place)).read();
    return { spam, ham };
  },
  model: {
    async read(place) {
      return new Uint8Array(Uint32Array.from(await (await tableAt(place)).read()).buffer);
    },
    check(bytes) {
      if (bytes.length !== 8) throw new Fault("bad-input", `${bytes.length} bytes`);
    },
    async write(bytes, place) {
      await (await tableAt(place)).write(new Uint32Array(new Uint8Array(bytes).buffer));
    },
    async reset(place) {
      await (await tableAt(place)).reset();
    },
  },
};

export default defineActor({
  name: "opinion",
  about: "A classifier for tests.",
  checks: [opinion],
  config: {},
  slots: 4,
  deadline: 1_000,
  reaches: [],
  learner,
});
