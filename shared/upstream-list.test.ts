import assert from "node:assert/strict";
import { test } from "node:test";
import { parseServers, printServers } from "./upstream-list.ts";

const defaults = { port: 53, rotation: "round-robin" } as const;
const read = (text: string | readonly string[]) => parseServers(text, defaults);

test("hosts have ports and weights, or the default", () => {
  assert.deepEqual(read("ns.example.org, 192.0.2.1:5353;192.0.2.2:5353:10 [2001:db8::1]:54:3,2001:db8::2"), {
    rotation: "round-robin",
    servers: [
      { host: "ns.example.org", port: 53, weight: 1 },
      { host: "192.0.2.1", port: 5353, weight: 1 },
      { host: "192.0.2.2", port: 5353, weight: 10 },
      { host: "2001:db8::1", port: 54, weight: 3 },
      { host: "2001:db8::2", port: 53, weight: 1 },
    ],
  });
});

test("a rotation stands before the first of them", () => {
  const list = read(["master-slave:192.0.2.1", "192.0.2.2"]);
  assert.ok(!(list instanceof Error));
  assert.equal(list.rotation, "master-slave");
  assert.deepEqual(printServers(list), ["master-slave:192.0.2.1:53", "192.0.2.2:53"]);
  assert.deepEqual(read(printServers(list)), list);
});

test("a path is a socket in the file system", () => {
  assert.deepEqual(read("/run/clamd.ctl"), {
    rotation: "round-robin",
    servers: [{ host: "/run/clamd.ctl", port: 0, weight: 1 }],
  });
});

test("what is no server is named", () => {
  for (const wrong of [
    "192.0.2.1:0",
    "192.0.2.1:65536",
    "host:53:-1",
    "host:53:1:1",
    "[192.0.2.1]:53",
    "ho$t",
    ":53",
  ]) {
    const answer = read(wrong);
    assert.ok(answer instanceof Error, wrong);
  }
  assert.match(String(read("service=dns+example.org")), /SRV/);
  assert.match(String(read(" , ")), /no server/);
  assert.match(String(read("h,".repeat(1_001))), /more than 1000/);
});
