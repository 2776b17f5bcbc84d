// The coordinator and all actors of a site with rules of its own, in this process, on a configuration that changes.

import type { Services } from "../bin/services.ts";
import type { LiveConfig } from "../shared/config/live.ts";
import { symbolNames } from "../shared/configured.ts";
import { scanSubject } from "../shared/scan.ts";
import { startInProcess } from "./in-process.ts";
import type { TestSystem } from "./system.ts";

export type { TestSystem };

export async function startWith(services: Services, config: LiveConfig): Promise<TestSystem> {
  const { bus, close } = await startInProcess({ services, config });
  return {
    scan({ envelope, raw }) {
      const request = { id: "test", envelope, passAll: true, facts: { raw } };
      return bus.ask(scanSubject, request, { deadline: Date.now() + 10_000 });
    },
    close,
  };
}

export function configuredNames({ actors }: Services, config: LiveConfig): ReadonlySet<string> {
  return symbolNames(actors, config);
}
