// One query to a name server over TCP, for a reply that UDP cut (RFC 7766; framing: RFC 1035, 4.2.2).

import { connect } from "node:net";

/** A query on its way. */
export interface TcpQuery {
  /** Nobody waits for its reply any more. */
  forget(): void;
}

/**
 * Asks. `done` is called once, later: with the first message that comes, or undefined when the connection ended before
 * that. It has no time limit of its own.
 */
export function askOverTcp(
  address: string,
  port: number,
  query: Buffer,
  done: (message: Buffer | undefined) => void,
): TcpQuery {
  const chunks: Buffer[] = [];
  let size = 0;
  let isOver = false;
  const socket = connect({ host: address, port });
  socket.setNoDelay(true);

  function end(message: Buffer | undefined): void {
    if (isOver) return;
    isOver = true;
    socket.destroy();
    done(message);
  }

  socket.once("connect", () => {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(query.length);
    socket.write(Buffer.concat([length, query]));
  });
  socket.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    const wanted = size >= 2 ? 2 + lengthOf(chunks) : Number.POSITIVE_INFINITY;
    if (size >= wanted) end(Buffer.concat(chunks, size).subarray(2, wanted));
  });
  socket.once("error", () => end(undefined));
  socket.once("close", () => end(undefined));
  return {
    forget() {
      isOver = true;
      socket.destroy();
    },
  };
}

function lengthOf([first, second]: readonly Buffer[]): number {
  const high = first?.[0] ?? 0;
  return high * 256 + ((first && first.length > 1 ? first[1] : second?.[0]) ?? 0);
}
