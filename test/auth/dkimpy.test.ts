// With dkimpy, Debian's python3-dkim.

import { test } from "node:test";
import { theyVerifyOurs, weVerifyTheirs } from "./exchange.ts";
import { testKeys } from "./keys.ts";

// Debian's own Python: its packages are not for another one.
const peer = { command: "/usr/bin/python3", script: "dkimpy.py", debian: "python3-dkim python3-nacl" };

test("dkimpy verifies what we sign", () => theyVerifyOurs(peer, testKeys));
test("we verify what dkimpy signs", () => weVerifyTheirs(peer, testKeys));
