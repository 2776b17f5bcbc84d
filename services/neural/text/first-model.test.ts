import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Fault } from "../../../shared/fault.ts";
import { analyse } from "../../../shared/message/analyse.ts";
import { newFeatures, readFeatures } from "./features.ts";
import { firstLogit, firstModel, firstModelPath } from "./first-model.ts";
import { decodeModel, encodeModel } from "./model-file.ts";

const parts = { bias: 0.5, terms: 70, slope: 0.8, shift: -0.25 };

test("a model survives its file, to a step of its weights", () => {
  const weights = new Map([
    [5, 1],
    [-5, -0.5],
    [0x7fffffff, 0.25],
    [1_000_000, 0.0001],
  ]);
  const model = decodeModel(encodeModel({ ...parts, weights }));
  assert.deepEqual([model.bias, model.terms, model.shift], [0.5, 70, -0.25]);
  for (const [hash, weight] of weights) assert.ok(Math.abs(model.weights.get(hash) - weight) < 1 / 127);
});

test("a file that is damaged, cut off or of another schema is refused by name", () => {
  const file = encodeModel({ ...parts, weights: new Map([[5, 1]]) });
  const refused = (bytes: Uint8Array, message: RegExp) => {
    assert.throws(
      () => decodeModel(bytes),
      (thrown) => thrown instanceof Fault && message.test(thrown.message),
    );
  };
  const damaged = Uint8Array.from(file);
  damaged[10] = (damaged[10] ?? 0) ^ 1;
  refused(damaged, /damaged/);
  refused(file.subarray(0, 20), /no model/);
  const other = Uint8Array.from(file);
  other[5] = 99;
  refused(other, /schema 99/);
});

test("the model that ships is whole, small, and knows what is known", () => {
  assert.ok(readFileSync(firstModelPath).length < 400_000);
  const features = newFeatures();
  const logit = (text: string) => {
    readFeatures(analyse(Buffer.from(`From: A <a@x.example>\r\nSubject: hello\r\n\r\n${text}`)), features);
    return firstLogit(features, firstModel());
  };
  assert.ok(logit("Buy viagra without a prescription, order now!") > logit("See you at the meeting on Tuesday."));
  assert.ok(
    logit("As a late client's next of kin the funds are yours.") > logit("The patch fixes a crash in the parser."),
  );
});
