// Worker processes count as one: twice a second each tells its siblings what it has counted since, and one that is
// new asks for all that was counted before it came.
//
// What a process tells is numbered. An answer to a new one says up to which number of each process it goes: what came
// since is added, what it holds already is not.

import type { Bus, Topic } from "../../shared/bus/bus.ts";
import type { Record, Tally } from "./record.ts";

interface Told {
  readonly by: string;
  /** From 1 on, without a gap. */
  readonly number: number;
  readonly tally: Tally;
}

interface Wanted {
  readonly by: string;
}

interface Whole {
  readonly for: string;
  /** The last number of each process that is part of it. */
  readonly numbers: Readonly<{ [by: string]: number }>;
  readonly tally: Tally;
}

const toldTopic: Topic<Told> = { name: "http-told", reach: "workers" };
const wantedTopic: Topic<Wanted> = { name: "http-wanted", reach: "workers" };
const wholeTopic: Topic<Whole> = { name: "http-whole", reach: "workers" };

/** ms that counts wait to be told. */
const gathering = 500;
/** A new process waits so many turns, of so many ms, for an answer; the first one gets none. */
const patience = { turns: 10, length: 200 };
/** Most ms before an answer: each sibling waits another time, so that mostly one answers. */
const hesitation = 100;
/** ms that one which is new itself waits longer: it knows the least. */
const modesty = 500;

export interface Siblings {
  /** Something was counted. */
  note(): void;
  /** Tells the rest. */
  close(): Promise<void>;
}

/** A sibling that has asked and is not answered. What it tells meanwhile is no part of the answer. */
interface Asking {
  readonly timer: NodeJS.Timeout;
  readonly held: Told[];
}

export async function joinSiblings(bus: Bus, record: Record): Promise<Siblings> {
  /** The last number of each process that was added. */
  const numbers = new Map<string, number>();
  const asking = new Map<string, Asking>();
  /** What was told before the answer; undefined when none is waited for. */
  let early: Told[] | undefined = [];
  let timer: NodeJS.Timeout | undefined;
  let told = 0;

  function tell(): void {
    clearTimeout(timer);
    timer = undefined;
    told += 1;
    bus.publish(toldTopic, { by: record.id, number: told, tally: record.take() });
  }

  function hear(one: Told): void {
    if (one.by === record.id) return;
    const held = asking.get(one.by)?.held ?? early;
    if (held !== undefined) held.push(one);
    else if (one.number > (numbers.get(one.by) ?? 0)) {
      numbers.set(one.by, one.number);
      record.absorb(one.tally);
    }
  }

  function begin(): void {
    clearInterval(waiting);
    const heard = early ?? [];
    early = undefined;
    for (const one of heard) hear(one);
  }

  function answer(by: string): void {
    // What is told later must not be part of the answer.
    tell();
    const all = [...numbers, [record.id, told] as const];
    bus.publish(wholeTopic, { for: by, numbers: Object.fromEntries(all), tally: record.all() });
    setAnswered(by);
  }

  function setAnswered(by: string): void {
    const { timer, held = [] } = asking.get(by) ?? {};
    clearTimeout(timer);
    asking.delete(by);
    for (const one of held) hear(one);
  }

  const subscriptions = [
    await bus.subscribe(toldTopic, hear),
    await bus.subscribe(wantedTopic, ({ by }) => {
      if (by === record.id) return;
      const wait = Math.random() * hesitation + (early === undefined ? 0 : modesty);
      asking.set(by, { timer: setTimeout(answer, wait, by).unref(), held: [] });
    }),
    await bus.subscribe(wholeTopic, (whole) => {
      setAnswered(whole.for);
      if (whole.for !== record.id || early === undefined) return;
      for (const [by, number] of Object.entries(whole.numbers)) numbers.set(by, number);
      record.inherit(whole.tally);
      begin();
    }),
  ];
  bus.publish(wantedTopic, { by: record.id });
  // Turns, not time: a process that is starting may not look at what has come for a while.
  let turns = 0;
  const waiting = setInterval(() => {
    turns += 1;
    if (turns === patience.turns) begin();
  }, patience.length).unref();

  return {
    note() {
      timer ??= setTimeout(tell, gathering).unref();
    },
    async close() {
      clearInterval(waiting);
      for (const { timer } of asking.values()) clearTimeout(timer);
      for (const subscription of subscriptions) await subscription.stop();
      tell();
    },
  };
}
