// Throws input from hell at every parser and gateway for a while. Each input must come to an end in time, in bounded
// memory, with an answer. Run by `make fuzz`; the same seed throws the same inputs.
//
//   node test/fuzz/fuzz.ts [--seed N] [--seconds N] [--only TARGET]
//   node test/fuzz/fuzz.ts --again FILE       an input that failed before: the target is the first word of its name

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { extremes } from "./extremes.ts";
import { openGateways } from "./gateways.ts";
import { inputFor, readMails } from "./inputs.ts";
import { openParsers } from "./parsers.ts";
import { openRandom } from "./random.ts";
import type { Answer } from "./victim.ts";

/** Most CPU time of one input in ms, and memory of a process in bytes. */
const mostCpu = 1000;
const mostMemory = 300 * 1024 * 1024;

export interface Failure {
  readonly target: string;
  readonly input: Buffer;
  readonly why: string;
}

interface Slow {
  readonly target: string;
  readonly cpu: number;
  readonly size: number;
}

export interface Run {
  /** Inputs by target. */
  readonly inputs: Readonly<Record<string, number>>;
  readonly failures: readonly Failure[];
  /** The inputs that took most time for their size, the worst first. */
  readonly slowest: readonly Slow[];
  /** Most memory of a process, in bytes. */
  readonly memory: number;
}

export interface RunOptions {
  readonly seed: number;
  readonly seconds: number;
  /** Only this target. */
  readonly only?: string | undefined;
  readonly failed?: (failure: Failure) => void;
}

/** How often a target is fed, beside the others. */
const shares: Readonly<Record<string, number>> = { analysis: 12, http: 2, milter: 2, archive: 3, documents: 3 };

function whyWrong({ cpu, memory, wrong }: Answer): string {
  if (wrong !== "") return wrong;
  if (cpu > mostCpu) return `${Math.round(cpu)} ms of CPU`;
  return memory > mostMemory ? `${Math.round(memory / 1024 / 1024)} MB` : "";
}

type Ask = (target: string, input: Buffer) => Promise<Answer>;

/**
 * Asks, and asks twice more when the input took too long: neighbours that share caches and memory make everything
 * slower for a moment, an input that is slow is slow each time.
 */
function patiently(ask: Ask): Ask {
  return async (target, input) => {
    let best = await ask(target, input);
    for (let tries = 2; tries > 0 && best.wrong === "" && best.cpu > mostCpu; tries--) {
      const next = await ask(target, input);
      if (next.wrong !== "" || next.cpu < best.cpu) best = next;
    }
    return best;
  };
}

async function openTargets(): Promise<{ names: readonly string[]; ask: Ask; close(): Promise<void> }> {
  const [parsers, gateways] = await Promise.all([openParsers(), openGateways()]);
  return {
    names: [...parsers.targets, "http", "milter", "milter packets"],
    ask: patiently((target, input) => (parsers.targets.includes(target) ? parsers : gateways).ask(target, input)),
    async close() {
      parsers.close();
      await gateways.close();
    },
  };
}

/** Leaves halves, quarters and so on out of an input as long as it fails without them. */
async function minimise(ask: Ask, target: string, input: Buffer): Promise<Buffer> {
  let least = input;
  let tries = 60;
  for (let size = Math.ceil(input.length / 2); size >= 1 && tries > 0; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < least.length && tries > 0; tries--) {
      const shorter = Buffer.concat([least.subarray(0, at), least.subarray(at + size)]);
      if (whyWrong(await ask(target, shorter)) === "") at += size;
      else least = shorter;
    }
  }
  return least;
}

/** Throws inputs until the time is over. */
export async function run({ seed, seconds, only, failed }: RunOptions): Promise<Run> {
  const random = openRandom(seed);
  const mails = readMails(random);
  const targets = await openTargets();
  const end = Date.now() + seconds * 1000;
  const inputs: Record<string, number> = {};
  const failures: Failure[] = [];
  const slow: Slow[] = [];
  let memory = 0;
  const feed = async (target: string, input: Buffer) => {
    const answer = await targets.ask(target, input);
    inputs[target] = (inputs[target] ?? 0) + 1;
    memory = Math.max(memory, answer.memory);
    if (answer.cpu > 20) slow.push({ target, cpu: answer.cpu, size: input.length });
    if (whyWrong(answer) === "") return;
    const least = await minimise(targets.ask, target, input);
    const failure = { target, input: least, why: whyWrong(answer) };
    failures.push(failure);
    failed?.(failure);
  };
  const wanted = targets.names.filter((name) => only === undefined || name === only);
  const mailTargets = wanted.filter((name) => name === "analysis" || name === "http" || name === "milter");
  try {
    for (const make of Object.values(extremes)) {
      for (const target of mailTargets) if (Date.now() < end) await feed(target, Buffer.from(make(), "latin1"));
    }
    const draw = wanted.flatMap((name) => Array.from({ length: shares[name] ?? 1 }, () => name));
    while (Date.now() < end) {
      const target = random.pick(draw);
      // Now and then a mail that ends too early, at each length.
      if (target === "analysis" && random.once(200)) {
        const mail = Buffer.from(random.pick(mails), "latin1").subarray(0, 2000);
        for (let length = 0; length < mail.length && Date.now() < end; length++) {
          await feed(target, mail.subarray(0, length));
        }
      }
      await feed(target, inputFor(target, random, mails));
    }
  } finally {
    await targets.close();
  }
  const perSize = ({ cpu, size }: Slow) => cpu / (size + 1000);
  const slowest = slow.sort((one, other) => perSize(other) - perSize(one)).slice(0, 10);
  return { inputs, failures, slowest, memory };
}

const folder = resolve(import.meta.dirname, "../../.cache/fuzz");

async function again(file: string): Promise<number> {
  const targets = await openTargets();
  const target = targets.names.find((name) => basename(file).startsWith(name.replaceAll(" ", "-"))) ?? "analysis";
  const answer = await targets.ask(target, readFileSync(file));
  await targets.close();
  console.log(`${target}: ${whyWrong(answer) || "fine"} (${Math.round(answer.cpu)} ms)`);
  return whyWrong(answer) === "" ? 0 : 1;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seed: { type: "string" },
      seconds: { type: "string" },
      only: { type: "string" },
      again: { type: "string" },
    },
  });
  if (values.again !== undefined) return again(values.again);
  const seed = Number(values.seed || Date.now() % 1_000_000);
  const seconds = Math.min(Number(values.seconds || 180), 180);
  console.log(`seed ${seed}, ${seconds} s`);
  let count = 0;
  const { inputs, failures, slowest, memory } = await run({
    seed,
    seconds,
    only: values.only,
    failed({ target, input, why }) {
      mkdirSync(folder, { recursive: true });
      const file = join(folder, `${target.replaceAll(" ", "-")}-${seed}-${++count}`);
      writeFileSync(file, input);
      console.log(`FAILED ${target}: ${why}\n  ${input.length} bytes in ${file}`);
    },
  });
  console.log(
    Object.entries(inputs)
      .map(([target, number]) => `${target} ${number}`)
      .join(", "),
  );
  console.log(`most memory ${Math.round(memory / 1024 / 1024)} MB; slowest for their size:`);
  for (const { target, cpu, size } of slowest) console.log(`  ${target}: ${Math.round(cpu)} ms for ${size} bytes`);
  return failures.length === 0 ? 0 : 1;
}

if (import.meta.main) process.exitCode = await main();
