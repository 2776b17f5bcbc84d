// The HTTP gateway on ports of the system's choice, before a coordinator that answers what the test says.

import { config } from "../../services/http/config.ts";
import { startHttp } from "../../services/http/start.ts";
import type { Actor } from "../../shared/actor.ts";
import { openLocalBus } from "../../shared/bus/local.ts";
import { configOf } from "../../shared/config/live.ts";
import { learnSubject } from "../../shared/learning/lesson.ts";
import { silent } from "../../shared/log.ts";
import { type ScanRequest, scannedTopic, scanSubject } from "../../shared/scan.ts";
import type { Verdict } from "../../shared/verdict.ts";
import { verdictOf } from "./verdict.ts";

export interface Asked {
  readonly request: ScanRequest;
  /** The message as text, one char a byte. */
  readonly message: string;
}

export interface TestGateway {
  /** "http://127.0.0.1:1234" */
  readonly scan: string;
  readonly controller: string;
  /** What the coordinator was asked, in order. */
  readonly asked: Asked[];
  close(): Promise<void>;
}

export interface TestGatewayOptions {
  /** UCL inside `http {}`, and inside its `controller {}`. */
  readonly http?: string;
  readonly controller?: string;
  readonly sockets?: readonly string[];
  readonly actors?: readonly Actor[];
  /** The coordinator. Default: one that finds "add header". */
  readonly answer?: (request: ScanRequest) => Verdict | Promise<Verdict>;
  /** Nobody scans. */
  readonly deaf?: boolean;
}

export async function startGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const bus = openLocalBus({ freeze: true });
  const asked: Asked[] = [];
  const answer = options.answer ?? ((request) => verdictOf({ id: request.id }));
  if (options.deaf !== true) {
    await bus.serve(scanSubject, { slots: 64 }, async (request) => {
      const raw = "raw" in request.facts ? request.facts.raw : new Uint8Array(0);
      asked.push({ request, message: Buffer.from(raw).toString("latin1") });
      const verdict = await answer(request);
      const { facts, ...rest } = request;
      bus.publish(scannedTopic, { time: Date.now(), request: rest, subject: "a subject", verdict });
      return verdict;
    });
  }
  // There is no actor that learns.
  await bus.serve(learnSubject, { slots: 1 }, async () => ({ messageId: "", fates: {} }));
  const sockets = options.sockets ?? ["127.0.0.1:0"];
  const text = `http {
    scan { bind_socket = "127.0.0.1:0"; }
    controller { bind_socket = ${JSON.stringify(sockets)}; ${options.controller ?? ""} }
    ${options.http ?? ""}
  }`;
  const system = { config: configOf(config, text), bus, log: silent, actors: options.actors ?? [], now: Date.now };
  const running = await startHttp(system);
  const [scan = "", controller = ""] = running.listening;
  return {
    scan,
    controller,
    asked,
    async close() {
      await running.close();
      await bus.close();
    },
  };
}
