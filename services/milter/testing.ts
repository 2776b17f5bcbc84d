// What the tests of the gateway share: packets written as text, verdicts, and a system to run the role in.

import type { Bus } from "../../shared/bus/bus.ts";
import { configOf } from "../../shared/config/live.ts";
import { Fault } from "../../shared/fault.ts";
import { type Log, silent } from "../../shared/log.ts";
import type { System } from "../../shared/role.ts";
import { blankVerdict } from "../../shared/verdict.testing.ts";
import type { Changes, Verdict } from "../../shared/verdict.ts";
import { milterConfig } from "./config.ts";
import type { Frame } from "./wire/frame.ts";

/** A command from its letter and payload, one character a byte. */
export function command(letter: string, payload = ""): Frame {
  return { command: letter.charCodeAt(0), data: Buffer.from(payload, "latin1") };
}

/** A packet as it travels. */
export function packet(letter: string, payload = ""): Buffer {
  const bytes = Buffer.from(`\0\0\0\0${letter}${payload}`, "latin1");
  bytes.writeUInt32BE(bytes.length - 4, 0);
  return bytes;
}

/** Packets as text without their lengths, one string each: "c", "y554 5.7.1 no\0". */
export function packetsIn(bytes: Buffer): string[] {
  const found: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    found.push(bytes.toString("latin1", at + 4, at + 4 + length));
    at += 4 + length;
  }
  return found;
}

/** Payload of a negotiation. */
export function offer(version: number, actions: number, steps: number): string {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32BE(version, 0);
  bytes.writeUInt32BE(actions, 4);
  bytes.writeUInt32BE(steps, 8);
  return bytes.toString("latin1");
}

/** What Postfix 3.7 offers. */
export const postfixOffer = offer(6, 0x1ff, 0x1fffff);
/** What a server of 2002 offers: version 2, every reply awaited. */
export const oldOffer = offer(2, 0x3f, 0x7f);

export function verdictOf(action: string, more: Partial<Verdict> = {}, changes: Partial<Changes> = {}): Verdict {
  const blank = blankVerdict();
  return { ...blank, action, changes: { ...blank.changes, ...changes }, ...more };
}

/** What the role gets to work with: this bus, and keys of the section `milter` as UCL text. */
export function systemOf(bus: Bus, ucl = "", log: Log = silent): System {
  const bind = ucl.includes("bind_socket") ? "" : `bind_socket = "127.0.0.1:0";`;
  return {
    config: configOf(milterConfig, `milter { ${bind} ${ucl} }`),
    bus,
    get store(): never {
      throw new Fault("failed", "the gateway has no store");
    },
    get queue(): never {
      throw new Fault("failed", "the gateway has no queue");
    },
    get resolver(): never {
      throw new Fault("failed", "the gateway has no resolver");
    },
    log,
    actors: [],
    now: Date.now,
  };
}
