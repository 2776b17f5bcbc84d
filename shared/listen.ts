// Opens the sockets that services listen on.

import { chmodSync, chownSync, statSync, unlinkSync } from "node:fs";
import { createConnection, type Server } from "node:net";
import { accountOf, type BindSocket, showBindSocket, type UnixSocket } from "./bind-socket.ts";
import { Fault } from "./fault.ts";

/** Listens; answers with the address as an operator would write it. Throws a Fault `unavailable`. */
export async function listen(server: Server, socket: BindSocket): Promise<string> {
  try {
    if (socket.kind === "unix") await listenPath(server, socket);
    else
      await opened(server, () => server.listen({ port: socket.port, ...(socket.host ? { host: socket.host } : {}) }));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Fault("unavailable", `cannot listen on ${showBindSocket(socket)}: ${why}`, cause);
  }
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  return showBindSocket(socket.kind === "tcp" ? { ...socket, port } : socket);
}

async function listenPath(server: Server, { path, mode, owner, group }: UnixSocket): Promise<void> {
  const { uid, gid } = accountOf(owner, group);
  try {
    await openPath(server, path);
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE")) throw cause;
    // Only now: workers share a socket, and the second one finds it answering.
    await removeLeftOver(path);
    await openPath(server, path);
  }
  if (uid >= 0 || gid >= 0) chownSync(path, uid, gid);
  chmodSync(path, mode);
}

async function openPath(server: Server, path: string): Promise<void> {
  // Nobody may connect before the owner and the mode are right.
  const before = process.umask(0o177);
  try {
    await opened(server, () => server.listen(path));
  } finally {
    process.umask(before);
  }
}

function opened(server: Server, open: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.once("listening", () => {
      server.off("error", reject);
      resolve();
    });
    open();
  });
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
