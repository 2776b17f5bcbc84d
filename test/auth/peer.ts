// Other programs that sign and verify: each takes a batch of questions, one JSON text a line, and answers line by line.

import { spawn } from "node:child_process";
import { join } from "node:path";

export type Question =
  | { readonly do: "verify" | "verify arc"; readonly raw: string }
  | {
      readonly do: "seal";
      readonly raw: string;
      readonly selector: string;
      readonly domain: string;
      readonly key: string;
      /** cv= */
      readonly status: string;
    }
  | {
      readonly do: "sign";
      readonly raw: string;
      readonly selector: string;
      readonly domain: string;
      readonly key: string;
      readonly algorithm: string;
      readonly header: string;
      readonly body: string;
      readonly names: readonly string[];
    };

export interface Peer {
  readonly command: string;
  /** In the folder `peers`. */
  readonly script: string;
  /** Debian package that has what the script needs. */
  readonly debian: string;
}

/** Answers to the questions, each a text: "pass", header fields in base64, or what went wrong. */
export function askPeer(
  { command, script, debian }: Peer,
  records: Readonly<Record<string, string>>,
  questions: readonly Question[],
): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [join(import.meta.dirname, "peers", script)], { stdio: ["pipe", "pipe", "pipe"] });
    let answers = "";
    let trouble = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      answers += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      trouble = (trouble + text).slice(-2_000);
    });
    child.once("error", () => reject(new Error(`${command} is missing: apt-get install ${debian}`)));
    child.once("close", (code) => {
      if (code === 0) resolve(answers.trimEnd().split("\n"));
      else reject(new Error(`${script} ended with ${code}. Is it there? apt-get install ${debian}\n${trouble}`));
    });
    // A script that could not start does not read.
    child.stdin.once("error", () => {});
    child.stdin.end([JSON.stringify(records), ...questions.map((question) => JSON.stringify(question))].join("\n"));
  });
}
