// The bus of one process: questions, answers and events are handed over by reference. Events also reach the other worker
// processes of the machine, if there is a relay.

import { Fault } from "../fault.ts";
import { type Log, silent } from "../log.ts";
import type { AskOptions, Bus, Call, ServeOptions, Serving, Subject, Topic } from "./bus.ts";
import type { Codec } from "./codec.ts";
import { Asked, Instance, late } from "./instance.ts";
import { freezePlain } from "./plain.ts";
import type { Relay } from "./relay.ts";
import { Subscriber } from "./subscriber.ts";

export interface LocalBusOptions {
  /** Everything carried is frozen to its depth, and refused when it is not plain data. For tests: it costs. */
  readonly freeze?: boolean;
  /** Everything carried is encoded and decoded, as if it went to another process. */
  readonly through?: Codec;
  /** Takes events to the other worker processes of this machine, and brings theirs. Questions stay in this process. */
  readonly relay?: Relay;
  readonly log?: Log;
}

/** Opens a bus whose questions end at the borders of this process. */
export function openLocalBus(options: LocalBusOptions = {}): Bus {
  const { freeze = false, through, relay, log = silent } = options;
  const instances = new Map<string, Instance[]>();
  const subscribers = new Map<string, Subscriber[]>();
  const servings = new Set<Serving>();
  let turn = 0;
  let closed = false;
  let closing: Promise<void> | undefined;

  function carry(value: unknown): unknown {
    const carried = through === undefined ? value : through.decode(through.encode(value));
    if (freeze) freezePlain(carried);
    return carried;
  }
  const plainHandover = !freeze && through === undefined;

  /** The instance with the most room; each in its turn among equals. */
  function choose(name: string): Instance | undefined {
    const all = instances.get(name);
    if (all === undefined || all.length === 1) return all?.[0];
    turn = (turn + 1) % all.length;
    let best = all[turn];
    for (let i = 1; i < all.length && best !== undefined && best.load > 0; i++) {
      const other = all[(turn + i) % all.length];
      if (other !== undefined && other.load < best.load) best = other;
    }
    return best;
  }

  function ask<Question, Answer>(
    subject: Subject<Question, Answer>,
    question: Question,
    { deadline, trace }: AskOptions,
  ) {
    return new Promise<Answer>((resolve, reject) => {
      if (closed) throw new Fault("closed", "the bus is closed");
      if (!(deadline > Date.now())) throw late();
      const instance = choose(subject.name);
      if (instance === undefined) throw new Fault("nobody", `nobody serves ${subject.name}`);
      const onAnswer = (answer: unknown) => {
        try {
          // What a subject's handler answers is what the subject's type says: `serve` was given the same subject.
          resolve((plainHandover ? answer : carry(answer)) as Answer);
        } catch (thrown) {
          reject(thrown);
        }
      };
      const asked = new Asked(plainHandover ? question : carry(question), deadline, trace, onAnswer, reject);
      // The least loaded instance is full only when each of them is: there is no other one to ask once more.
      if (!instance.take(asked)) asked.fail(new Fault("busy", `every instance of ${subject.name} is busy`));
    });
  }

  /** Puts `member` among those of `name`, and answers with what takes it out again and waits for its work. */
  function enter<Member extends Instance | Subscriber>(members: Map<string, Member[]>, name: string, member: Member) {
    if (closing !== undefined) return Promise.reject(new Fault("closed", "the bus is closed"));
    members.set(name, [...(members.get(name) ?? []), member]);
    const serving: Serving = {
      stop() {
        const left = (members.get(name) ?? []).filter((other) => other !== member);
        if (left.length === 0) members.delete(name);
        else members.set(name, left);
        servings.delete(serving);
        return member.drain();
      },
    };
    servings.add(serving);
    return Promise.resolve(serving);
  }

  function tell(topic: string, event: unknown): void {
    if (closed) return;
    for (const subscriber of subscribers.get(topic) ?? []) subscriber.tell(plainHandover ? event : carry(event));
  }
  relay?.listen(tell);

  return {
    ask,
    serve<Question, Answer>(
      subject: Subject<Question, Answer>,
      { slots }: ServeOptions,
      handler: (question: Question, call: Call) => Promise<Answer>,
    ) {
      const instance = new Instance(slots, (question, call) => handler(question as Question, call));
      return enter(instances, subject.name, instance);
    },
    publish<Event>(topic: Topic<Event>, event: Event) {
      if (closed) return;
      tell(topic.name, event);
      if (topic.reach !== "network") relay?.send(topic.name, event);
    },
    subscribe<Event>(topic: Topic<Event>, handler: (event: Event) => void) {
      const subscriber = new Subscriber(topic.name, (event) => handler(event as Event), log);
      return enter(subscribers, topic.name, subscriber);
    },
    close() {
      closing ??= stopAll().then(() => {
        closed = true;
      });
      return closing;
    },
  };

  /** The newest first: what was started later may still need to ask what was there before it. */
  async function stopAll(): Promise<void> {
    for (const serving of [...servings].reverse()) await serving.stop();
    relay?.flush();
  }
}
