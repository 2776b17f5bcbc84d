// The one entry point: `sluice COMMAND ...`. A command is a file in commands/.

import "./built-in.ts";
// First of all that is not Node's: no pattern is made before the engine knows how to save itself.
import "../shared/pattern/engine.ts";
import "./resolve.ts";
import { readdirSync } from "node:fs";
import { Fault } from "../shared/fault.ts";
import type { Command } from "./command.ts";

const folder = new URL("./commands/", import.meta.url);

async function load(name: string): Promise<Command> {
  const loaded: { default: Command } = await import(new URL(`${name}.ts`, folder).href);
  return loaded.default;
}

function names(): readonly string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .map((file) => file.slice(0, -3))
    .sort();
}

async function overview(): Promise<string> {
  const lines = ["Sluice filters mail.", "", "  sluice COMMAND [OPTIONS]", ""];
  for (const name of names()) lines.push(`  ${name.padEnd(10)} ${(await load(name)).about}`);
  lines.push("", "  sluice COMMAND --help says more. First steps: sluice serve, then sluice scan FILE.");
  return lines.join("\n");
}

async function main(argv: readonly string[]): Promise<number> {
  const [name = "help", ...rest] = argv;
  if (name === "help" || name === "--help" || name === "-h") {
    console.log(await overview());
    return 0;
  }
  if (!names().includes(name)) {
    console.error(`sluice: no command "${name}". There are: ${names().join(", ")}.`);
    return 64;
  }
  const command = await load(name);
  if (rest.includes("--help") || rest.includes("-h")) {
    console.log(command.help);
    return 0;
  }
  try {
    return await command.run(rest);
  } catch (thrown) {
    if (thrown instanceof Fault) {
      console.error(`sluice: ${thrown.message}`);
      return thrown.code === "bad-config" ? 78 : 69;
    }
    // parseArgs says what it does not know; everything else is a defect and keeps its stack.
    if (!(thrown instanceof TypeError) || !("code" in thrown) || !String(thrown.code).startsWith("ERR_PARSE_ARGS"))
      throw thrown;
    console.error(`sluice ${name}: ${thrown.message}\nSee: sluice ${name} --help`);
    return 64;
  }
}

// `sluice symbols | head`: whoever reads has seen enough. As other programs that SIGPIPE ends (128 + 13).
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(141);
});
process.exitCode = await main(process.argv.slice(2));
