// The milter gateway before a coordinator that looks at nothing, in the process of the test.

import role from "../../services/milter/role.ts";
import { systemOf } from "../../services/milter/testing.ts";
import { openLocalBus } from "../../shared/bus/local.ts";
import { serveFakeCoordinator } from "./fake-coordinator.ts";

export interface FakeFilter {
  readonly port: number;
  close(): Promise<void>;
}

export async function startFakeFilter(): Promise<FakeFilter> {
  const bus = openLocalBus();
  await serveFakeCoordinator(bus);
  const running = await role.start(systemOf(bus));
  return {
    port: Number(running.listening[0]?.split(":").at(-1)),
    async close() {
      await running.close();
      await bus.close();
    },
  };
}
