import assert from "node:assert/strict";
import { test } from "node:test";
import { editDistance, nearest } from "./nearest.ts";

test("edits are inserts, deletes, replacements and swaps of neighbours", () => {
  assert.equal(editDistance("timeout", "timeout", 3), 0);
  assert.equal(editDistance("timeot", "timeout", 3), 1);
  assert.equal(editDistance("tiemout", "timeout", 3), 1);
  assert.equal(editDistance("time", "timeout", 3), 3);
  assert.equal(editDistance("abc", "xyz", 3), 3);
  assert.equal(editDistance("", "abcdef", 3), 4);
});

test("the closest name is found, case and dashes aside", () => {
  assert.equal(nearest("tmeout", ["expire", "timeout", "tempdir"]), "timeout");
  assert.equal(nearest("Task-Timeout", ["task_timeout"]), "task_timeout");
  assert.equal(nearest("greylsit", ["greylist", "replies"]), "greylist");
});

test("a name unlike all others has no nearest", () => {
  assert.equal(nearest("bananas", ["timeout", "expire"]), undefined);
  assert.equal(nearest("x".repeat(1000), ["timeout"]), undefined);
  assert.equal(nearest("timeout", []), undefined);
});
