import assert from "node:assert/strict";
import { test } from "node:test";
import { rewrittenFrom } from "./srs.ts";

for (const [sender, original] of [
  ["SRS0=hAsH=TT=example.org=alice@forwarder.example", "alice@example.org"],
  ["srs0+hash=tt=Example.ORG=alice=b@forwarder.example", "alice=b@example.org"],
  ["SRS0-hash=tt=example.org=alice+tag@forwarder.example", "alice+tag@example.org"],
  ["SRS1=hash=first.example==hash=tt=example.org=alice@second.example", "alice@example.org"],
  ["SRS1+hash=first.example=-hash=tt=example.org=alice@second.example", "alice@example.org"],
  ["bob+SRS=hash=tt=example.org=alice@forwarder.example", "alice@example.org"],
  ["alice@example.org", undefined],
  ["srs0@example.org", undefined],
  ["SRS0=hash=tt=example.org@forwarder.example", undefined],
  ["SRS0=hash=tt=exa mple=alice@forwarder.example", undefined],
  ["SRS0=hash=tt=localhost=alice@forwarder.example", undefined],
  ["SRS1=hash=example.org=alice@forwarder.example", undefined],
  ["SRS0=hash=tt=example.org=alice", undefined],
  [`SRS0=${"=".repeat(60_000)}@forwarder.example`, undefined],
] as const) {
  test(`${sender.slice(0, 70)} was ${original}`, () => {
    assert.equal(rewrittenFrom(sender), original);
  });
}
