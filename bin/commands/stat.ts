// Prints what the running filter has counted.

import { parseArgs } from "node:util";
import { toFault } from "../../shared/fault.ts";
import { type Command, refuse } from "../command.ts";
import { controllerOptions, passwordHeader } from "../controller.ts";
import { HttpClient } from "../http-client.ts";

const help = `sluice stat [OPTIONS]

Prints what the running filter has counted: mails, actions, uptime.

  --server URL        the controller, default: http://127.0.0.1:11334
  --password TEXT     or the environment's SLUICE_PASSWORD
  --json              as the filter answered

Exit codes: 0 printed, 64 wrong usage, 69 the filter does not answer or refuses.`;

interface Stat {
  readonly version: string;
  readonly uptime: number;
  readonly scanned: number;
  readonly learned: number;
  readonly actions: Readonly<Record<string, number>>;
}

async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      server: controllerOptions.address,
      password: controllerOptions.password,
      json: { type: "boolean" },
    },
  });
  let client: HttpClient;
  try {
    client = new HttpClient(values.server);
  } catch {
    return refuse("stat", `--server ${values.server} is no address`);
  }
  try {
    const stat = (await client.json("GET", "/stat", passwordHeader(values.password))) as Stat;
    console.log(values.json ? JSON.stringify(stat, null, 2) : table(stat));
    return 0;
  } catch (thrown) {
    console.error(`sluice: ${toFault(thrown).message}`);
    return 69;
  } finally {
    client.close();
  }
}

function table(stat: Stat): string {
  const share = (count: number) =>
    stat.scanned === 0 ? "" : ` ${((count / stat.scanned) * 100).toFixed(1).padStart(6)} %`;
  const lines = [
    `Sluice ${stat.version}, up for ${(stat.uptime / 3600).toFixed(1)} hours`,
    `${"scanned".padEnd(16)} ${String(stat.scanned).padStart(9)}`,
    `${"learned".padEnd(16)} ${String(stat.learned).padStart(9)}`,
  ];
  for (const [action, count] of Object.entries(stat.actions)) {
    lines.push(`${action.padEnd(16)} ${String(count).padStart(9)}${share(count)}`);
  }
  return lines.join("\n");
}

const stat: Command = { about: "print what the running filter has counted", help, run };
export default stat;
