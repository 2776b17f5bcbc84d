// Connections that were handed to a worker which died before it took them. node:cluster forgets them: they would stay
// open, and the client would wait for nothing. Here they go to another worker, for nothing of them has been read.
//
// This looks at the messages between cluster's two sides ("newconn" and its "ack"), which Node does not document. If they
// change, what is left is what cluster does by itself; test/workers/replacing.test.ts notices.

import type { Worker } from "node:cluster";

interface Handle {
  close(): void;
}

/** `isAnotherThere`: whether some other worker takes connections. If not, the client is told by closing. */
export function rescueConnections(worker: Worker, isAnotherThere: () => boolean): void {
  const child = worker.process;
  const handed = new Map<number, Handle>();
  const { send } = child;
  Object.assign(child, {
    send(...sent: unknown[]) {
      const [message, handle] = sent;
      if (isNewConnection(message) && isHandle(handle)) handed.set(message.seq, handle);
      return Reflect.apply(send, child, sent);
    },
  });
  child.on("internalMessage", (message: unknown) => {
    if (isAck(message)) handed.delete(message.ack);
  });
  const rescue = () => {
    // Cluster must have taken it off its lists, or it would be handed the same ones again.
    if (!worker.isDead() || worker.isConnected()) return;
    setImmediate(() => {
      for (const [ack, handle] of handed) {
        if (isAnotherThere()) child.emit("internalMessage", { cmd: "NODE_CLUSTER", ack, accepted: false });
        else handle.close();
      }
      handed.clear();
    });
  };
  worker.once("exit", rescue).once("disconnect", rescue);
}

function isNewConnection(message: unknown): message is { readonly seq: number } {
  return isOfCluster(message) && "act" in message && message.act === "newconn" && "seq" in message;
}

function isAck(message: unknown): message is { readonly ack: number } {
  return isOfCluster(message) && "ack" in message;
}

function isOfCluster(message: unknown): message is object {
  return typeof message === "object" && message !== null && "cmd" in message && message.cmd === "NODE_CLUSTER";
}

function isHandle(handle: unknown): handle is Handle {
  return typeof handle === "object" && handle !== null && "close" in handle && typeof handle.close === "function";
}
