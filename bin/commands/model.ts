import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { learningActors } from "../../services/coordinator/learn.ts";
import { hasErrors } from "../../shared/config/problem.ts";
import { Fault } from "../../shared/fault.ts";
import { silent } from "../../shared/log.ts";
import { redisConfig } from "../../shared/redis/config.ts";
import { placesOf } from "../../shared/redis/place.ts";
import { type Command, refuse } from "../command.ts";
import { readModels, writeModels } from "../model-file.ts";
import { exportModels, importModels, type Keepers, resetModels, type Standing, standings } from "../models.ts";
import { openState } from "../open-state.ts";
import { type Place, placeOptions, readConfig } from "../place.ts";

const help = `sluice model stat
sluice model export FILE
sluice model import FILE
sluice model reset

The models are what the filter was taught: each classifier has one. The filter may be running: it rests from learning for
a few seconds meanwhile, goes on to judge mail, and uses the new model at once. Lessons that come in wait, and are learned
afterwards.

  stat             what each classifier has learned, and how many lessons wait
  export FILE      writes the models, for backup and to move them to another machine. No mail can be read from them
  import FILE      puts the models of the file in the place of those that are there: all of them or, if anything is wrong,
                   none. The file must come from a filter with the same sizes in its configuration
  reset            forgets everything that was taught

  --only NAME      one classifier; may be repeated
  --config DIR     default: /etc/sluice when it is there
  --set KEY=VALUE  a value of the configuration, e.g. --set redis.servers=127.0.0.1; may be repeated
  --data DIR       where the state lies without Redis            (default: /var/lib/sluice when root, else ./data)
  --actors DIR     the folder of an actor of your own; may be repeated
  --json           stat for programs

After import and reset a mail that was learned before can be learned again. What was learned before import cannot be
taken back.

Exit codes: 0 done, 64 wrong usage, 65 the file is damaged or does not fit, 69 the store does not answer, 74 the file
cannot be read or written, 78 wrong configuration.`;

async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      only: { type: "string", multiple: true },
      ...placeOptions,
      actors: { type: "string", multiple: true },
      json: { type: "boolean", default: false },
    },
  });
  const [action = "", file, ...rest] = positionals;
  const needsFile = action === "export" || action === "import";
  const isKnown = needsFile || action === "stat" || action === "reset";
  if (!isKnown || rest.length > 0 || needsFile !== (file !== undefined)) {
    return refuse("model", "wrong usage. See: sluice model --help");
  }
  try {
    return await withKeepers(values, action === "import", async (keepers) => {
      if (action === "stat") return print(await standings(keepers), values.json);
      if (keepers.learners.length === 0) return refuse("model", "no classifier keeps a model");
      if (action === "reset") return say("forgotten", await resetModels(keepers));
      return action === "export" ? save(keepers, file ?? "") : restore(keepers, file ?? "", values.only);
    });
  } catch (thrown) {
    if (thrown instanceof Fault && thrown.code === "bad-input") return refuse("model", thrown.message, 65);
    if (isFileError(thrown))
      return refuse("model", "path" in thrown ? thrown.message : `${file}: ${thrown.message}`, 74);
    throw thrown;
  }
}

async function save(keepers: Keepers, file: string): Promise<number> {
  const models = await exportModels(keepers);
  await writeModels(file, models);
  // With another configuration than the filter's it may be a model that nobody has taught: these numbers tell.
  const learned = new Map((await standings(keepers)).map(({ name, spam, ham }) => [name, `${spam} spam, ${ham} ham`]));
  return say(
    "written",
    models.map(({ name }) => ({ name: `${name} (${learned.get(name)})` })),
  );
}

async function restore(keepers: Keepers, file: string, only: readonly string[] | undefined): Promise<number> {
  const all = await readModels(file);
  if (all.length === 0) throw new Fault("bad-input", `${file} holds no model. Nothing was changed.`);
  const missing = only?.find((name) => !all.some((model) => model.name === name));
  if (missing !== undefined) throw new Fault("bad-input", `${file} has no model of ${missing}`);
  const models = all.filter(({ name }) => only?.includes(name) ?? true);
  await importModels(keepers, models);
  return say("imported", models);
}

interface Where extends Place {
  readonly only?: readonly string[] | undefined;
}

async function withKeepers(where: Where, mayBeNew: boolean, use: (keepers: Keepers) => Promise<number>) {
  const { only, data } = where;
  const { services, config, problems } = await readConfig(where);
  const learning = learningActors(services.actors);
  const unknown = only?.find((name) => !learning.some((actor) => actor.name === name));
  if (unknown !== undefined) {
    return refuse("model", `no classifier "${unknown}". There are: ${learning.map(({ name }) => name).join(", ")}.`);
  }
  if (hasErrors(problems)) throw new Fault("bad-config", "the configuration has errors; see: sluice config check");
  // Opening would make an empty one.
  const isLocal = placesOf(config.get(redisConfig).redis) === undefined;
  if (isLocal && !mayBeNew && !existsSync(join(data, "store"))) {
    throw new Fault("unavailable", `there is no state in ${data}; say --data or --config`);
  }
  const state = await openState(config, data, silent);
  try {
    const chosen = learning.filter(({ name }) => only === undefined || only.includes(name));
    return await use({ learners: chosen, config, log: silent, store: state.store, queue: state.queue });
  } finally {
    await state.close();
  }
}

function print(all: readonly Standing[], json: boolean): number {
  if (json) console.log(JSON.stringify(all, null, 2));
  else if (all.length === 0) console.log("no classifier learns");
  else {
    console.log(row("CLASSIFIER", "SCHEMA", "SPAM", "HAM", "WAITING", "DEAD"));
    for (const { name, schema, spam, ham, waiting, dead } of all)
      console.log(row(name, schema, spam, ham, waiting, dead));
    if (all.some(({ dead }) => dead > 0)) console.log("dead lessons: sluice jobs ls learn.CLASSIFIER says why");
  }
  return 0;
}

function row(name: string, ...counts: (string | number)[]): string {
  return name.padEnd(20) + counts.map((count) => String(count).padStart(9)).join("");
}

function say(done: string, models: readonly { readonly name: string }[]): number {
  console.log(`${models.map(({ name }) => name).join(", ")}: ${done}`);
  return 0;
}

function isFileError(thrown: unknown): thrown is Error {
  // What fails at a file that is open already, or is a folder, does not say its name.
  return thrown instanceof Error && "syscall" in thrown && !(thrown instanceof Fault);
}

const model: Command = { about: "export, import and reset what the filter was taught", help, run };
export default model;
