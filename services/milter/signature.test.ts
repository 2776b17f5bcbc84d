import assert from "node:assert/strict";
import { test } from "node:test";
import { foldSignature } from "./signature.ts";

test("only the signature is folded: not the hash of the body, not the list of headers", () => {
  const hash = "h".repeat(100);
  const signature = "s".repeat(150);
  const folded = foldSignature(`v=1; a=rsa-sha256; bh=${hash}; h=from:to:${"subject:".repeat(20)}date; b=${signature}`);
  const lines = folded.split("\n");
  assert.equal(lines.length, 3);
  assert.ok(lines[0]?.includes(`bh=${hash};`));
  assert.equal(lines.slice(1).join("|"), `\t${"s".repeat(72)}|\t${"s".repeat(6)}`);
});

test("a short one stays as it is", () => {
  assert.equal(foldSignature("v=1; b=abc; d=example.org"), "v=1; b=abc; d=example.org");
});
