// Debian's rspamc as a child process.

import { spawn } from "node:child_process";

/** Runs it against the host and port of `url`. `output` is what it wrote to both of its streams. */
export function rspamc(
  url: string,
  args: readonly string[],
  input = "",
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn("rspamc", ["-h", new URL(url).host, ...args]);
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", (error) =>
      reject(new Error("rspamc is missing: install Debian's package rspamd", { cause: error })),
    );
    child.on("close", (code) => resolve({ code, output: Buffer.concat(chunks).toString("utf8") }));
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}
