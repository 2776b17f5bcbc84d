// The HTTP gateway: a listener for scans and one for operators, in the words of Rspamd's clients.

import { defineRole } from "../../shared/role.ts";
import { config } from "./config.ts";
import { startHttp } from "./start.ts";

export default defineRole({
  name: "http",
  about: "Rspamd's protocol over HTTP: scans on port 11333, the controller on 11334.",
  config,
  start: startHttp,
});
