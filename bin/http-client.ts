// A client of the running filter, for commands. Connections are kept open between requests.

import { Agent, request } from "node:http";

/** Bytes of a reply; a filter's answer is far smaller. */
const largestReply = 64 * 1024 * 1024;

export class HttpClient {
  /** Set when nobody listened at the address. */
  refused = false;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #base: URL;

  constructor(base: string) {
    this.#base = new URL(base.includes("://") ? base : `http://${base}`);
  }

  /** Faults as Error with the server's own words when the answer is not 2xx. */
  async json(
    method: "GET" | "POST",
    path: string,
    headers: Readonly<Record<string, string | string[]>>,
    body?: Uint8Array,
  ): Promise<unknown> {
    const { status, text } = await this.send(method, path, headers, body);
    let answer: unknown;
    try {
      answer = JSON.parse(text);
    } catch {
      throw new Error(`${this.#base.href} answered ${status} with something that is no JSON`);
    }
    if (status >= 200 && status < 300) return answer;
    const said = answer !== null && typeof answer === "object" && "error" in answer ? String(answer.error) : text;
    throw new Error(`${this.#base.href} answered ${status}: ${said}`);
  }

  close(): void {
    this.#agent.destroy();
  }

  /** Rejects only when there is no answer. */
  send(
    method: "GET" | "POST",
    path: string,
    headers: Readonly<Record<string, string | string[]>>,
    body: Uint8Array | undefined,
  ): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const sent = body === undefined ? headers : { ...headers, "content-length": String(body.length) };
      const asked = request(new URL(path, this.#base), { method, headers: sent, agent: this.#agent }, (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on("data", (chunk: Buffer) => {
          size += chunk.length;
          if (size > largestReply) response.destroy(new Error("the answer is too large"));
          chunks.push(chunk);
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
        response.on("error", reject);
      });
      asked.on("error", (error) => {
        // The server may close a connection that was kept open just when it is used again: nothing of this was heard.
        if (asked.reusedSocket && "code" in error && error.code === "ECONNRESET") {
          resolve(this.send(method, path, headers, body));
          return;
        }
        this.refused ||= "code" in error && error.code === "ECONNREFUSED";
        const hint = this.refused ? `nobody listens at ${this.#base.href}: is 'sluice serve' running?` : error.message;
        reject(new Error(hint));
      });
      asked.end(body);
    });
  }
}
