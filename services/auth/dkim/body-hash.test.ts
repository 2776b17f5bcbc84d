import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { hashBody } from "./body-hash.ts";
import type { Form } from "./header-form.ts";

/** RFC 6376, 3.4.3 and 3.4.4, step by step on a text of CRLF lines. */
function plainly(text: string, form: Form): string {
  const lines = text.replaceAll(/\r?\n/g, "\n").split("\n");
  const reduced = lines.map((line) => (form === "relaxed" ? line.replace(/[ \t]+/g, " ").replace(/ $/, "") : line));
  while (reduced.length > 0 && reduced.at(-1) === "") reduced.pop();
  if (reduced.length === 0) return form === "simple" ? "\r\n" : "";
  return `${reduced.join("\r\n")}\r\n`;
}

function sha256(text: string): string {
  return createHash("sha256").update(text, "latin1").digest("base64");
}

function hashed(text: string, form: Form, length = Number.POSITIVE_INFINITY): string {
  return hashBody(Buffer.from(text, "latin1"), form, [length])[0]?.digest ?? "";
}

const bodies = [
  " C \r\nD \t E\r\n\r\n\r\n", // RFC 6376, 3.4.5
  "",
  "\r\n",
  "\r\n\r\n",
  " \t\r\n \r\n",
  "a",
  "a ",
  "a\r",
  "a\r\r\n",
  "a\r\n\r",
  "\r\r\n",
  "a\rb\r\n",
  "a \r b\t\r\n",
  "a\n",
  "a \n\tb\n \n",
  "\na",
  "a\r\n\n\r\n",
  "a\tb\r\n",
  "\t\ta\r\n",
  `${"x".repeat(300)} \r\n${"y".repeat(300)}\r\n`,
  `${"a b  c\t\r\n".repeat(5_000)}\r\n\r\n`,
  `${"x".repeat(70_000)}\r\n \r\n`,
  "caf\xe9 \xff\x00\x80\r\n",
];

test("the canonical bodies of RFC 6376, 3.4.5", () => {
  assert.equal(hashed(bodies[0] ?? "", "simple"), sha256(" C \r\nD \t E\r\n"));
  assert.equal(hashed(bodies[0] ?? "", "relaxed"), sha256(" C\r\nD E\r\n"));
  // RFC 6376, 3.4.3 and 3.4.4 print these two.
  assert.equal(hashed("", "simple"), "frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=");
  assert.equal(hashed("", "relaxed"), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
});

test("a body hashes as its canonical text does, whole and in part", () => {
  for (const body of bodies) {
    for (const form of ["simple", "relaxed"] as const) {
      const text = plainly(body, form);
      assert.equal(hashed(body, form), sha256(text), JSON.stringify(body.slice(0, 40)));
      const lengths = [text.length + 1, 0, 300, 1, 2, 2, text.length - 1, text.length].filter((length) => length >= 0);
      const hashes = hashBody(Buffer.from(body, "latin1"), form, [...lengths, Number.POSITIVE_INFINITY]);
      assert.equal(hashes.length, new Set(lengths).size + 1);
      for (const { length, digest, size } of hashes) {
        assert.equal(digest, sha256(text.slice(0, length)), `${length} of ${form}`);
        assert.equal(size, Math.min(length, text.length));
      }
    }
  }
});

test("long bodies of lines with and without blanks, in any order", () => {
  const lines = [" \tx y \r\n", "a b\n", `${"A".repeat(76)}\r\n`, `${"B".repeat(76)}\n`, "\r\n", "x", " "];
  let seed = 1;
  const below = (limit: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % limit;
  };
  for (let round = 0; round < 300; round++) {
    let body = "";
    while (body.length < 6_000) body += (lines[below(lines.length)] ?? "").repeat(1 + below(40));
    for (const form of ["simple", "relaxed"] as const) {
      const text = plainly(body, form);
      assert.equal(hashed(body, form), sha256(text), `${form} ${round}`);
      const length = below(text.length);
      assert.equal(hashed(body, form, length), sha256(text.slice(0, length)), `${length} of ${form} ${round}`);
    }
  }
});

test("what lies across the places where a long body is divided", () => {
  const middles = [
    " ",
    "\t \t",
    "\r\n",
    " \r\n",
    "\n",
    " \n \n",
    "\r",
    "\r\r\n",
    " \r ",
    "\r\n ",
    " ".repeat(40_000),
    "\n".repeat(40_000),
  ];
  for (const middle of middles) {
    for (let before = 16_376; before <= 16_386; before++) {
      for (const filling of ["a", " b"]) {
        const body = `${filling.repeat(before).slice(0, before)}${middle}c d\r\n`;
        for (const form of ["simple", "relaxed"] as const) {
          assert.equal(
            hashed(body, form),
            sha256(plainly(body, form)),
            `${form} ${before} ${JSON.stringify(middle.slice(0, 9))}`,
          );
        }
      }
    }
  }
});

test("every short body of the bytes that matter", () => {
  const bytes = ["a", " ", "\t", "\r\n", "\n", "\r"];
  const all = (left: number): readonly string[] =>
    left === 0 ? [""] : all(left - 1).flatMap((text) => ["", ...bytes].map((byte) => text + byte));
  for (const body of new Set(all(5))) {
    for (const form of ["simple", "relaxed"] as const) {
      assert.equal(hashed(body, form), sha256(plainly(body, form)), `${form} ${JSON.stringify(body)}`);
    }
  }
});
