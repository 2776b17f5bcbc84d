// An SMTP client that says exactly what a test tells it to, for what no sane client does.

import { connect } from "node:net";

export interface SmtpClient {
  /** Writes as it is, one character a byte, and answers with the next reply: its last line. */
  say(bytes: string): Promise<string>;
  close(): void;
}

/** Connects, and reads the greeting. */
export async function openSmtp(port: number): Promise<SmtpClient> {
  const socket = connect(port, "127.0.0.1").setEncoding("latin1");
  const lines = socket[Symbol.asyncIterator]();
  let text = "";
  async function reply(): Promise<string> {
    for (;;) {
      const [whole, line] = /^(?:\d{3}-.*\r\n)*(\d{3}(?: .*)?)\r\n/.exec(text) ?? [];
      if (whole !== undefined && line !== undefined) {
        text = text.slice(whole.length);
        return line;
      }
      const { value, done } = await lines.next();
      if (done) throw new Error(`the server left after: ${text}`);
      text += value;
    }
  }
  await reply();
  return {
    say(bytes) {
      socket.write(bytes, "latin1");
      return reply();
    },
    close: () => socket.destroy(),
  };
}
