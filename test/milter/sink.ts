// Where mail that went through the filter ends up: an SMTP server that keeps what it is sent, and tells of it.

import { startServer } from "../../services/dmarc-reports/server.testing.ts";

export interface Delivered {
  readonly from: string;
  readonly rcpts: readonly string[];
  /** With CRLF line ends, dots unstuffed. */
  readonly message: string;
}

export interface Sink {
  readonly port: number;
  readonly delivered: readonly Delivered[];
  /** The first mail that matches, delivered already or to come within half a minute. */
  find(matches: (mail: Delivered) => boolean): Promise<Delivered>;
  close(): Promise<void>;
}

export async function startSink(): Promise<Sink> {
  const waiting = new Set<() => void>();
  const lookAgain = () => {
    for (const look of waiting) look();
  };
  const server = await startServer({
    reply(command) {
      // The mail is kept when its end is answered.
      if (command === ".") setImmediate(lookAgain);
      return undefined;
    },
  });
  const sink: Sink = {
    port: server.port,
    get delivered() {
      return server.kept.map(({ from, recipients, message }) => ({ from, rcpts: recipients, message }));
    },
    find(matches) {
      return new Promise((resolve, reject) => {
        const patience = setTimeout(() => reject(new Error("no such mail has arrived")), 30_000);
        const look = () => {
          const mail = sink.delivered.find(matches);
          if (mail === undefined) return;
          clearTimeout(patience);
          waiting.delete(look);
          resolve(mail);
        };
        waiting.add(look);
        look();
      });
    },
    close: server.close,
  };
  return sink;
}
