// Shows jobs of the queue, and what became of those that have died: nobody else would ask about them.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { hasErrors } from "../../shared/config/problem.ts";
import { Fault } from "../../shared/fault.ts";
import { silent } from "../../shared/log.ts";
import type { DeadJob, Queue } from "../../shared/queue/queue.ts";
import { redisConfig } from "../../shared/redis/config.ts";
import { placesOf } from "../../shared/redis/place.ts";
import { type Command, refuse } from "../command.ts";
import { openQueue } from "../open-state.ts";
import { type Place, placeOptions, readConfig } from "../place.ts";

const help = `sluice jobs ls [QUEUE]
sluice jobs retry QUEUE ID... | --all
sluice jobs drop QUEUE ID... | --all

Jobs are what must not be lost: lessons, training, exports. A job that has failed for the last time is dead: it is kept
until somebody looks. The filter may be running.

  ls               the queues: how many jobs wait, are put off, are at work, are dead
  ls QUEUE         its dead jobs, with the reason of each
  retry QUEUE ID   gives a dead job all its attempts again, now that what was wrong is mended
  drop QUEUE ID    forgets a dead job

  --all            every dead job of the queue
  --config DIR     default: /etc/sluice when it is there. Says which Redis, if any
  --set KEY=VALUE  a value of the configuration, e.g. --set redis.servers=127.0.0.1; may be repeated
  --data DIR       where the queue lies without Redis            (default: /var/lib/sluice when root, else ./data)
  --json           for programs

Exit codes: 0 done, 1 no such job, 64 wrong usage, 69 the queue does not answer, 78 wrong configuration.`;

/** Dead jobs that are asked for at a time. */
const page = 500;

async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...placeOptions,
      json: { type: "boolean", default: false },
      all: { type: "boolean", default: false },
    },
  });
  const [action, name, ...ids] = positionals;
  if (action === "ls" && ids.length === 0 && !values.all) {
    return withQueue(values, (queue) => list(queue, name, values.json));
  }
  if ((action === "retry" || action === "drop") && name !== undefined && values.all === (ids.length === 0)) {
    return withQueue(values, (queue) => act(queue, action, name, values.all ? undefined : ids));
  }
  return refuse("jobs", "wrong usage. See: sluice jobs --help");
}

async function withQueue(place: Place, use: (queue: Queue) => Promise<number>): Promise<number> {
  const { data } = place;
  const { config, problems } = await readConfig(place);
  if (hasErrors(problems)) throw new Fault("bad-config", "the configuration has errors; see: sluice config check");
  // Opening would make an empty one.
  if (placesOf(config.get(redisConfig).redis) === undefined && !existsSync(join(data, "queue"))) {
    throw new Fault("unavailable", `there is no queue in ${data}; say --data or --config`);
  }
  const queue = await openQueue(config, data, silent);
  try {
    return await use(queue);
  } finally {
    await queue.close();
  }
}

async function list(queue: Queue, name: string | undefined, json: boolean): Promise<number> {
  if (name === undefined) {
    const names = await queue.names();
    const queues = await Promise.all(names.map(async (name) => ({ name, ...(await queue.count({ name })) })));
    if (json) console.log(JSON.stringify(queues, null, 2));
    else if (queues.length === 0) console.log("no queue: no job was ever added");
    else {
      console.log(row("QUEUE", "WAITING", "PUT OFF", "AT WORK", "DEAD"));
      for (const { name, waiting, delayed, atWork, dead } of queues)
        console.log(row(name, waiting, delayed, atWork, dead));
    }
    return 0;
  }
  const dead: object[] = [];
  for await (const job of deadJobs(queue, name)) {
    // What it holds is of somebody's mail.
    const { payload: _, ...told } = job;
    if (json) dead.push(told);
    else console.log(line(job));
  }
  if (json) console.log(JSON.stringify(dead, null, 2));
  return 0;
}

async function act(queue: Queue, action: "retry" | "drop", name: string, given: string[] | undefined): Promise<number> {
  const ids = given ?? [];
  if (given === undefined) for await (const { id } of deadJobs(queue, name)) ids.push(id);
  let missing = 0;
  for (const id of ids) {
    const found = await queue[action]({ name }, id);
    if (!found) missing += 1;
    console.log(found ? `${id} ${action === "retry" ? "waits again" : "forgotten"}` : `${id}: no dead job of ${name}`);
  }
  return missing === 0 ? 0 : 1;
}

async function* deadJobs(queue: Queue, name: string): AsyncGenerator<DeadJob> {
  let after: string | undefined;
  for (;;) {
    const jobs = await queue.dead({ name }, after, page);
    yield* jobs;
    after = jobs.at(-1)?.id;
    if (after === undefined) return;
  }
}

function row(name: string, ...counts: (string | number)[]): string {
  return name.padEnd(28) + counts.map((count) => String(count).padStart(9)).join("");
}

function line({ id, key, attempts, added, died, fault }: DeadJob): string {
  const [from, to] = [added, died].map((time) => new Date(time).toISOString().slice(0, 19));
  const what = key === undefined ? "" : ` ${printable(key)}`;
  return `${id}  added ${from}Z, died ${to}Z after ${attempts} attempts${what}\n    ${printable(fault)}`;
}

/** A key may be any text: none of it may steer the operator's terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, "?");
}

const jobs: Command = { about: "list, retry and drop jobs that failed for the last time", help, run };
export default jobs;
