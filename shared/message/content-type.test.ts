import assert from "node:assert/strict";
import { test } from "node:test";
import { describe } from "./content-type.ts";
import { flawList } from "./flaw.ts";
import { defaultLimits } from "./limits.ts";

/** Describes a part with these fields: [key, raw] pairs. */
function read(...fields: [string, string][]) {
  const { flaws, note } = flawList(10);
  const context = { eightBit: true, charset: "", words: 100, part: 0, note };
  const raw = fields.map(([key, value]) => ({ name: key, key, raw: value }));
  const { description, others } = describe(raw, "text/plain", defaultLimits, context);
  return { ...description, others, flaws };
}

test("types", () => {
  const cases: readonly (readonly [field: string, type: string, declared: boolean, params: object])[] = [
    [" Text/HTML; Charset=utf-8", "text/html", true, { charset: "utf-8" }],
    [" text/html (a comment); charset=x (y)", "text/html", true, { charset: "x" }],
    [" text/html charset=utf-8", "text/html", true, { charset: "utf-8" }],
    [' multipart/mixed\n\tboundary="a b"', "multipart/mixed", true, { boundary: "a b" }],
    [" text", "text/plain", false, {}],
    [" html", "text/html", false, {}],
    [" a/b/c", "text/plain", false, {}],
    ["", "text/plain", false, {}],
  ];
  for (const [field, type, declared, params] of cases) {
    const found = read(["content-type", field]);
    assert.deepEqual([found.type, found.declared, { ...found.params }], [type, declared, params], field);
    assert.equal(found.flaws.length, declared ? 0 : 1, field);
  }
});

test("without fields a part is what its surroundings say", () => {
  const found = read();
  assert.deepEqual([found.type, found.declared, found.encoding, found.flaws.length], ["text/plain", false, "", 0]);
});

test("name of the file: from the disposition, else from the type", () => {
  const type: [string, string] = ["content-type", ' image/png; name="one.png"'];
  assert.equal(read(type).filename, "one.png");
  const found = read(type, ["content-disposition", ' Attachment; filename="two.png"']);
  assert.deepEqual([found.filename, found.disposition], ["two.png", "attachment"]);
});

test("of fields that stand there twice the first counts", () => {
  const found = read(["content-type", " text/html"], ["content-type", " image/png"], ["content-id", " <a@b>"]);
  assert.deepEqual([found.type, found.contentId], ["text/html", "a@b"]);
});

test("encodings", () => {
  assert.equal(read(["content-transfer-encoding", " Base64 (x)"]).encoding, "base64");
  assert.deepEqual(read(["content-transfer-encoding", " rot13"]).flaws, [
    { kind: "bad-encoding", part: 0, detail: "rot13" },
  ]);
});

test("a parameter that stands there twice is a flaw", () => {
  const { flaws, params } = read(["content-type", " text/plain; charset=a; charset=b"]);
  assert.deepEqual([flaws[0]?.detail, params.charset], ["charset", "a"]);
});
