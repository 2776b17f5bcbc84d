import assert from "node:assert/strict";
import { test } from "node:test";
import { isAdded } from "./added-header.ts";

test("what delivery, filters and mailboxes add is known, however often it is asked", () => {
  for (let round = 0; round < 2; round++) {
    for (const key of [
      "received",
      "delivered-to",
      "x-spam-status",
      "x-sluice-id",
      "arc-seal",
      "x-ms-exchange-organization-scl",
      "x-example-mailscanner-spamscore",
      "x-stat-signature",
      "x-gmail-labels",
      ">from",
    ]) {
      assert.ok(isAdded(key), key);
    }
    for (const key of [
      "subject",
      "x-mailer",
      "list-id",
      "x-priority",
      "x-ms-exchange-crosstenant-id",
      `x-spam${"x".repeat(200)}`,
    ]) {
      assert.ok(!isAdded(key), key);
    }
  }
});
