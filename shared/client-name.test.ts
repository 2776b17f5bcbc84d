import assert from "node:assert/strict";
import { test } from "node:test";
import { clientName } from "./client-name.ts";

test("names, names that are none, and nothing", () => {
  assert.equal(clientName("mx.example.org"), "mx.example.org");
  for (const none of ["unknown", "Unknown", "[192.0.2.1]", "[IPv6:2001:db8::1]"]) assert.equal(clientName(none), "");
  for (const nothing of [undefined, ""]) assert.equal(clientName(nothing), undefined);
});
