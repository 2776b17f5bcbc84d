// With Mail::DKIM, Debian's libmail-dkim-perl. It signs with Ed25519 only where CryptX is installed.

import { test } from "node:test";
import { theyVerifyOurs, weVerifyTheirs } from "./exchange.ts";
import { rsaKey } from "./keys.ts";

const peer = { command: "/usr/bin/perl", script: "mail-dkim.pl", debian: "libmail-dkim-perl" };

test("Mail::DKIM verifies what we sign", () => theyVerifyOurs(peer, [rsaKey]));
test("we verify what Mail::DKIM signs", () => weVerifyTheirs(peer, [rsaKey]));
