import assert from "node:assert/strict";
import { test } from "node:test";
import { hasHost } from "./domain-set.ts";

test("a host is in a set by itself or by a domain above it", () => {
  const set = new Set(["example.org"]);
  assert.ok(hasHost(set, "example.org") && hasHost(set, "a.b.example.org"));
  assert.ok(!hasHost(set, "notexample.org") && !hasHost(set, "org") && !hasHost(set, ""));
});
