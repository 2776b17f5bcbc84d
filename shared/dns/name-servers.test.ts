import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { makeFolder } from "../config/folder.testing.ts";
import { systemServers } from "./name-servers.ts";

test("reads the servers of resolv.conf in their order", (t) => {
  const text = `# ours
search example.org
nameserver 192.0.2.1
 nameserver\t2001:db8::1   # the other
nameserver fe80::1%eth0
nameserver localhost
;nameserver 192.0.2.9
options timeout:1 attempts:2
`;
  const folder = makeFolder(t, { "resolv.conf": text, rotating: `options edns0 rotate\n${text}`, empty: "" });
  const list = systemServers(join(folder, "resolv.conf"));
  assert.equal(list?.rotation, "master-slave");
  assert.deepEqual(
    list?.servers.map(({ host }) => host),
    ["192.0.2.1", "2001:db8::1", "fe80::1%eth0"],
  );
  assert.equal(systemServers(join(folder, "rotating"))?.rotation, "round-robin");
  assert.equal(systemServers(join(folder, "empty")), undefined);
  assert.equal(systemServers(join(folder, "missing")), undefined);
});
