// The coordinator as a role: answers gateways with verdicts, by the policy of the configuration in force.

import { withConfigured } from "../../shared/configured.ts";
import { defineRole } from "../../shared/role.ts";
import { scannedTopic, scanSubject, symbolsSubject } from "../../shared/scan.ts";
import { openAftermath } from "./aftermath.ts";
import { Breaker } from "./breaker.ts";
import { config } from "./config.ts";
import { knownSymbols } from "./known-symbols.ts";
import { serveLessons } from "./learn.ts";
import { logVerdict } from "./log-verdict.ts";
import { makePolicy, policyFaults } from "./policy.ts";
import { type Surroundings, scan } from "./scan.ts";

export default defineRole({
  name: "coordinator",
  about: "Scans: plans the checks, asks the actors, adds up, decides.",
  config,
  validate: (live, actors) => policyFaults(withConfigured(actors, live), live.get(config)),
  async start(system) {
    const configured = () => [withConfigured(system.actors, system.config), system.config.get(config)] as const;
    const currentPolicy = () => makePolicy(...configured());
    let policy = currentPolicy();
    const forget = system.config.onChange(() => {
      policy = currentPolicy();
    });
    const { bus, log } = system;
    const breaker = new Breaker(() => policy.breaker);
    const around: Surroundings = { bus, log, breaker, now: () => system.now() };
    const aftermaths = openAftermath(system, breaker, () => policy.timeout);
    const serving = await bus.serve(
      scanSubject,
      { slots: system.config.get(config).options.max_tasks },
      async (request, call) => {
        const used = policy;
        const { verdict, aftermath } = await scan(request, used, around, call);
        if (!aftermath.noLog) {
          logVerdict(log, used, request, verdict);
          const { facts: _, ...asked } = request;
          const subject = aftermath.progress.facts.headers.subject ?? "";
          // Who listens counts and keeps records: what can be long stays here.
          const short = { ...verdict, urls: [], emails: [] };
          bus.publish(scannedTopic, { time: system.now(), request: asked, subject, verdict: short });
        }
        aftermaths.follow(aftermath, verdict);
        return verdict;
      },
    );
    const listing = await bus.serve(symbolsSubject, { slots: 1 }, async () => {
      const [actors, values] = configured();
      return knownSymbols(actors, policy, values);
    });
    const lessons = await serveLessons(system);
    return {
      listening: [],
      async close() {
        forget();
        await serving.stop();
        await listing.stop();
        await lessons.close();
        await aftermaths.settled();
      },
    };
  },
});
