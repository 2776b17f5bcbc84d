// Rspamd's sections for its processes, `worker "normal" { }` and the like: what they say goes to the sections of the
// services that do the same work. Values keep their origins, so that errors and dumps name the operator's file and line.

import { nearest } from "./nearest.ts";
import { place, without } from "./relocated.ts";
import { rspamdKeys } from "./rspamd-names.ts";
import { flag, number } from "./schema.ts";
import { reportUnsupported } from "./scope.ts";
import type { Node, ObjectNode } from "./tree.ts";
import type { Checking } from "./validate.ts";
import { Refusal, readLeaf } from "./value.ts";

interface Kind {
  /** Where it listens: what is empty when the worker is switched off. */
  readonly sockets: string;
  /** Key of the worker and the place of the same value here. */
  readonly keys: Readonly<Record<string, string>>;
}

const kinds: Readonly<Record<string, Kind>> = {
  normal: {
    sockets: "http.scan.bind_socket",
    keys: {
      bind_socket: "http.scan.bind_socket",
      timeout: "http.timeout",
      task_timeout: "http.task_timeout",
    },
  },
  controller: {
    sockets: "http.controller.bind_socket",
    keys: {
      bind_socket: "http.controller.bind_socket",
      password: "http.controller.password",
      enable_password: "http.controller.enable_password",
      secure_ip: "http.controller.secure_ip",
      max_connections: "http.max_connections",
    },
  },
  rspamd_proxy: {
    sockets: "milter.bind_socket",
    keys: {
      bind_socket: "milter.bind_socket",
      milter: "milter.milter",
      timeout: "milter.timeout",
      discard_on_reject: "milter.discard_on_reject",
      quarantine_on_reject: "milter.quarantine_on_reject",
      spam_header: "milter.spam_header",
      reject_message: "milter.reject_message",
      quarantine_message: "milter.quarantine_message",
      tempfail_message: "milter.tempfail_message",
      client_ca_name: "milter.client_ca_name",
    },
  },
};

/** Workers of Rspamd whose work nothing here does, or needs to be done. */
const otherKinds = ["fuzzy", "hs_helper", "lua", "log_helper"];

/** The tree with the values of workers where the services declare them. */
export function placeWorkers(checking: Checking, root: ObjectNode): ObjectNode {
  const placed: ObjectNode = { ...root, keys: new Map(root.keys) };
  const workers = root.keys.get("worker");
  if (workers !== undefined && "http" in checking.sections && "milter" in checking.sections) {
    placed.keys.delete("worker");
    const seen = new Set<string>();
    for (const [kind, worker] of workersOf(checking, workers)) {
      placeWorker(checking, placed, kind, worker, seen.has(kind));
      seen.add(kind);
    }
  }
  return placed;
}

/** Each worker with its kind, which is its name or, in old files, its `type`. */
function workersOf(checking: Checking, chain: readonly Node[]): [string, ObjectNode][] {
  const found: [string, ObjectNode][] = [];
  for (const node of chain) {
    const [type] = node.kind === "object" ? (node.keys.get("type") ?? []) : [];
    if (node.kind === "object" && type?.kind === "leaf") {
      found.push([type.text, without(node, "type")]);
      continue;
    }
    const inner = node.kind === "object" ? [...node.keys] : [["", [node]] as const];
    for (const [kind, workers] of inner) {
      for (const worker of workers) {
        if (worker.kind === "object") found.push([kind, worker]);
        else complain(checking, worker, 'worker is a section with a name: write worker "normal" { ... }');
      }
    }
  }
  return found;
}

function placeWorker(checking: Checking, root: ObjectNode, kind: string, worker: ObjectNode, isSecond: boolean): void {
  if (checking.wrappers.has(worker)) return;
  const known = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (known === undefined && !otherKinds.includes(kind) && !checking.packaged(worker.origin.file)) {
    complain(checking, worker, `there is no worker ${kind}`, nearest(kind, [...Object.keys(kinds), ...otherKinds]));
    return;
  }
  if (known === undefined || isSecond) {
    reportUnsupported(checking, `worker.${kind}`, [worker]);
    return;
  }
  const off = switchOf(checking, kind, worker);
  if (off !== undefined) place(root, known.sockets, [{ kind: "list", items: [], origin: off.origin }]);
  for (const [key, chain] of worker.keys) {
    const target = Object.hasOwn(known.keys, key) ? known.keys[key] : undefined;
    if (target === undefined) reportKey(checking, kind, key, chain, known);
    else if (target !== known.sockets || off === undefined) place(root, target, chain);
  }
}

/** What switches a worker off: `enabled = no`, or a negative `count`. */
function switchOf(checking: Checking, kind: string, worker: ObjectNode): Node | undefined {
  const [enabled] = worker.keys.get("enabled") ?? [];
  const [count] = worker.keys.get("count") ?? [];
  if (enabled !== undefined) {
    const value = enabled.kind === "leaf" ? readLeaf(enabled, flag(true, "")) : new Refusal("must be yes or no");
    if (value instanceof Refusal) complain(checking, enabled, `worker.${kind}.enabled ${value.message}`);
    if (value === false) return enabled;
  }
  const processes = count?.kind === "leaf" ? readLeaf(count, number(1, "")) : 1;
  return typeof processes === "number" && processes < 0 ? count : undefined;
}

function reportKey(checking: Checking, kind: string, key: string, chain: readonly Node[], known: Kind): void {
  const [first] = chain;
  if (first === undefined || key === "enabled" || checking.wrappers.has(first)) return;
  const ofRspamd = rspamdKeys("worker");
  if (ofRspamd.has(key) || checking.packaged(first.origin.file)) {
    reportUnsupported(checking, `worker.${kind}.${key}`, chain);
    return;
  }
  const names = [...Object.keys(known.keys), ...ofRspamd];
  complain(checking, first, `worker.${kind} has no key ${key}`, nearest(key, names));
}

function complain(checking: Checking, at: Node, message: string, probably?: string): void {
  const problem = { severity: "error", file: at.origin.file, line: at.origin.line, message } as const;
  checking.problems.push(probably === undefined ? problem : { ...problem, nearest: probably });
}
