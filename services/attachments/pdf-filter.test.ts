import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import { decodeStream, filtersOf, undoPredictor } from "./pdf-filter.ts";

const plenty = () => ({ left: 1_000_000 });
const text = (content: Buffer, dictionary: string) =>
  decodeStream(content, filtersOf(dictionary), 1000, plenty()).bytes.toString("latin1");
const hex = (bytes: Buffer) => Buffer.from(`${bytes.toString("hex")}>`);

test("filters are undone in their order", () => {
  assert.deepEqual(filtersOf("/Filter [ /AHx /FlateDecode ]"), ["hex", "flate"]);
  assert.equal(text(hex(deflateSync("hello")), "/Filter [/AHx/Fl]"), "hello");
  assert.equal(text(deflateSync(deflateSync("hello")), "/Filter[/Fl/Fl]"), "hello");
  assert.equal(text(Buffer.from('87cURD]i,"Ebo80~>'), "/Filter /ASCII85Decode"), "Hello World!");
  assert.equal(text(Buffer.from("\x01ab\xfec\x80d", "latin1"), "/Filter/RL"), "abccc");
});

test("LZW as the standard's example has it (7.4.4.2)", () => {
  const packed = Buffer.from("800b6050220c0c8501", "hex");
  assert.equal(text(packed, "/Filter/LZWDecode"), "-----A---B");
});

test("a filter that is named elsewhere is told by the bytes; what is in none stays", () => {
  assert.equal(decodeStream(deflateSync("hello"), null, 1000, plenty()).bytes.toString(), "hello");
  assert.equal(decodeStream(Buffer.from("plain"), null, 1000, plenty()).bytes.toString(), "plain");
  assert.equal(text(Buffer.from("plain"), ""), "plain");
  assert.equal(filtersOf("/Filter [/Fl/Fl/Fl/Fl/Fl]"), null);
  assert.equal(filtersOf("/Filter /JBIG2Decode"), null);
});

test("no step makes more than it may", () => {
  const bomb = Buffer.from("\x81a".repeat(1000), "latin1");
  assert.equal(text(bomb, "/Filter/RunLengthDecode").length, 1000);
  assert.ok(text(deflateSync(Buffer.alloc(100_000)), "/Filter/FlateDecode").length <= 1000);
  const effort = { left: 1 };
  decodeStream(bomb, ["run-length", "run-length"], 1000, effort);
  assert.ok(effort.left < 0);
});

test("predictors of PNG, by the tag of each row, and of TIFF", () => {
  const png = Buffer.from([0, 1, 2, 2, 1, 1, 1, 5, 1]);
  assert.deepEqual([...undoPredictor(png, "/Predictor 12 /Columns 2")], [1, 2, 2, 3, 5, 6]);
  assert.deepEqual([...undoPredictor(Buffer.from([1, 1, 1, 5, 1, 1]), "/Predictor 2 /Columns 3")], [1, 2, 3, 5, 6, 7]);
  assert.deepEqual([...undoPredictor(png, "/Columns 2")], [...png]);
});
