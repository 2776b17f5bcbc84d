// Opens the sockets that services listen on.

import { once } from "node:events";
import { chmodSync, chownSync, statSync, unlinkSync } from "node:fs";
import { createConnection, type Server } from "node:net";
import { accountOf, type BindSocket, showBindSocket, type UnixSocket, writeBindSocket } from "./bind-socket.ts";
import { Fault, toFault } from "./fault.ts";

/** Connections that wait to be accepted. */
const backlog = 1024;

/** Listens; answers with the address as `showBindSocket` has it. Throws a Fault `unavailable`. */
export async function listen(server: Server, socket: BindSocket): Promise<string> {
  try {
    if (socket.kind === "unix") await listenPath(server, socket);
    else await opened(server, { port: socket.port, ...(socket.host ? { host: socket.host } : {}) });
  } catch (thrown) {
    const why = toFault(thrown).message;
    throw new Fault("unavailable", `cannot listen on ${writeBindSocket(socket)}: ${why}`, thrown);
  }
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  return showBindSocket(socket.kind === "tcp" ? { ...socket, port } : socket);
}

async function listenPath(server: Server, { path, mode, owner, group }: UnixSocket): Promise<void> {
  const { uid, gid } = accountOf(owner, group);
  try {
    await openPath(server, path);
  } catch (thrown) {
    if (!(thrown instanceof Error && "code" in thrown && thrown.code === "EADDRINUSE")) throw thrown;
    // Only now: workers share a socket, and the second one finds it answering.
    await removeLeftOver(path);
    await openPath(server, path);
  }
  if (uid >= 0 || gid >= 0) chownSync(path, uid, gid);
  chmodSync(path, mode);
}

function openPath(server: Server, path: string): Promise<void> {
  // Nobody may connect before the owner and the mode are right.
  const before = process.umask(0o177);
  try {
    return opened(server, { path });
  } finally {
    process.umask(before);
  }
}

async function opened(server: Server, place: { path: string } | { port: number; host?: string }): Promise<void> {
  const listening = once(server, "listening");
  server.listen({ ...place, backlog });
  await listening;
}

/** A process that was killed leaves its socket behind. One that answers is in use, and any other file is not ours. */
async function removeLeftOver(path: string): Promise<void> {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) return;
  if (!status.isSocket()) throw new Error("a file that is no socket is in its place");
  if (await answers(path)) throw new Error("another process listens there");
  unlinkSync(path);
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createConnection(path);
    probe.once("connect", () => {
      probe.destroy();
      resolve(true);
    });
    probe.once("error", () => resolve(false));
  });
}
