// The milter gateway and a coordinator that looks at nothing, as a process: `node fake-filter.ts PORT`.

import role from "../../services/milter/role.ts";
import { systemOf } from "../../services/milter/testing.ts";
import { openLocalBus } from "../../shared/bus/local.ts";
import { openLog } from "../../shared/log.ts";
import { serveFakeCoordinator } from "./fake-coordinator.ts";

const port = Number(process.argv[2]);
const bus = openLocalBus();
await serveFakeCoordinator(bus);
const running = await role.start(systemOf(bus, `bind_socket = "127.0.0.1:${port}"`, openLog({ level: "info", to: 2 })));
process.once("SIGTERM", async () => {
  await running.close();
  await bus.close();
  process.exit(0);
});
process.stdout.write("ready\n");
