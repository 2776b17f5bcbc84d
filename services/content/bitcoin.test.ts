import assert from "node:assert/strict";
import { test } from "node:test";
import { bitcoinAddressIn, isBitcoinAddress } from "./bitcoin.ts";

test("addresses of Bitcoin have a checksum", () => {
  for (const address of [
    "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2",
    "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
    "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
  ]) {
    assert.ok(isBitcoinAddress(address), address);
    assert.equal(bitcoinAddressIn(`Pay to ${address}.`), address);
    const last = address.at(-1) === "2" ? "3" : "2";
    assert.ok(!isBitcoinAddress(address.slice(0, -1) + last), address);
  }
  assert.ok(!isBitcoinAddress("bc1qW508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"), "mixed case");
  assert.equal(bitcoinAddressIn("1".repeat(100_000)), "");
});
