// Prints how a message is scanned, as the coordinator plans it of the actors and the configuration.

import { parseArgs } from "node:util";
import { makePlan } from "../../services/coordinator/plan.ts";
import { stages } from "../../shared/check.ts";
import { withConfigured } from "../../shared/configured.ts";
import type { Command } from "../command.ts";
import { readConfig } from "../place.ts";

const help = `sluice plan [--config DIR] [--json]

Prints how a message is scanned: the stages in their order, the questions of each stage (one line a question: the actor
and the checks it is asked for together), what a question waits for, what each check reads, needs and costs.`;

async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { config: { type: "string" }, json: { type: "boolean" } } });
  const { services, config } = await readConfig(values);
  const plan = makePlan(withConfigured(services.actors, config), (check) => !check.off);
  if (values.json) {
    const printed = stages.map((stage) => ({
      stage,
      questions: plan.stages[stage].map((question) => ({
        actor: question.actor.name,
        after: question.after.map((earlier) => earlier.actor.name),
        checks: question.checks.map(({ name, reads, needs, cost, symbols }) => ({
          name,
          reads,
          needs,
          cost,
          symbols: Object.keys(symbols).length,
        })),
      })),
    }));
    console.log(JSON.stringify(printed, null, 2));
    return 0;
  }
  for (const stage of stages) {
    const questions = plan.stages[stage];
    console.log(`${stage}${questions.length === 0 ? ": nothing" : ""}`);
    for (const { actor, checks, after, heavy } of questions) {
      const waits = after.length === 0 ? "" : ` after ${after.map((earlier) => earlier.actor.name).join(", ")}`;
      console.log(`  ${actor.name}${waits}${heavy ? ", only while the verdict is open" : ""}  (${actor.deadline} ms)`);
      for (const { name, cost, reads, needs, symbols } of checks) {
        const needed = needs.length === 0 ? "" : `  needs ${needs.join(", ")}`;
        const count = `${Object.keys(symbols).length} symbols`;
        console.log(`    ${name.padEnd(24)} ${cost.padEnd(7)} ${count.padEnd(11)} reads ${reads.join(", ")}${needed}`);
      }
    }
  }
  return 0;
}

const plan: Command = { about: "print the stages, the order of checks, their needs and costs", help, run };
export default plan;
