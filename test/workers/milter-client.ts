// A mail server's side of one milter connection, as far as these tests need it: one mail, and all that was answered.

import { connect } from "node:net";

/** Version 6, every action, no step left out: what a server offers. */
const offered = [0, 0, 0, 6, 0, 0, 1, 0xff, 0, 0, 0, 0];

/** Answers with the letters of the replies to the end of the mail until the connection ended or the mail was decided. */
export function sendMail(path: string, fields: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((done, failed) => {
    const socket = connect(path);
    let received = Buffer.alloc(0);
    const finish = () => {
      socket.destroy();
      // Negotiation, connect, MAIL, RCPT, headers and their end, body: one reply each comes before.
      done(lettersOf(received).slice(6 + Object.keys(fields).length));
    };
    socket.once("error", failed).once("close", finish);
    socket.on("data", (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (/[acrtd]$/.test(lettersOf(received).slice(6 + Object.keys(fields).length))) finish();
    });
    socket.write(packet("O", Buffer.from(offered)));
    socket.write(packet("C", Buffer.from("client.example\x004\x00\x19127.0.0.1\0")));
    socket.write(packet("M", Buffer.from("<a@example.org>\0")));
    socket.write(packet("R", Buffer.from("<b@example.net>\0")));
    for (const [name, value] of Object.entries(fields)) socket.write(packet("L", Buffer.from(`${name}\0${value}\0`)));
    socket.write(packet("N", Buffer.alloc(0)));
    socket.write(packet("B", Buffer.from("hello\r\n")));
    socket.write(packet("E", Buffer.alloc(0)));
  });
}

function packet(letter: string, payload: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(payload.length + 1, 0);
  head.write(letter, 4, "latin1");
  return Buffer.concat([head, payload]);
}

function lettersOf(bytes: Buffer): string {
  let letters = "";
  for (let at = 0; at + 5 <= bytes.length; at += 4 + bytes.readUInt32BE(at))
    letters += String.fromCharCode(bytes[at + 4] ?? 0);
  return letters;
}
