// Bzip2, xz and lzma: what Python's modules packed comes out again, within limits.

import assert from "node:assert/strict";
import { test } from "node:test";
import { unpackBzip2 } from "./bzip2.ts";
import { newBudget } from "./limits.ts";
import { openArchive } from "./open.ts";
import { numbers } from "./sample.testing.ts";
import { unpackLzmaAlone, unpackXz } from "./xz.ts";

const packed = (text: string) => Buffer.from(text, "base64");
const bzip2 = packed(
  "QlpoOTFBWSZTWfqyn6IAALVIAAAQf+BAApA2HAAxqlHlP8qhVP0wT/VUhU/1Ux6n6UHUf/+qUm/VT/KqR9yJq83z7yADToDBIFhQKBYSBg6A0gA84AGuOgPIANOgMEgWFAoFhIGDoDSADzgAY4SBYUCgWEgYOgNIAPOAA4cKqtrS222ySSSKAAAAAEojlttu2y2223e973vdaJohE0QiaIRNEImiETRCJohE0QiaIRNbnJtttr+qtttu973ve9f1iaIRNANoBtANoBtANoBtANoBtbnMbbbWW/+222aSSS398AAAAG7tu2219tq22yaSSWwAAAAbu23m21+229bbJNJJb6AAAAN3bbfdtfLbb5bZJNJLfoAAAA3dttvdr1ttv22SSaS3wAAAAbu222mq222+2SSTS3gAAAB87eebbbS1bbbfbJJJ+/YAAAD4fwu5IpwoSH1ZT9EA",
);
/** Every byte, and runs. */
const bzip2Bytes = packed(
  "QlpoMTFBWSZTWb/mXWwAAAB/////////////////////////////////////////////sADKkgaNAAmAAADTQACYAAJgAAAAAEMABMmAABMAAAAAAAACNGTAAAAAJiejRAAAAAAAAAAATAAAAAAAAAAAJgAAAAAAAAAAAAAAAAABMBMJMABMAATAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEzgA8QAiIkJigqLC4wMjQ38BwdHh8gISIjJCUmJygpKissLS4vMDEyBNAMGaGpsbnBkZmhqbG5wcnR2eHp8f/xAQUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVpbXF1eX2BhYQ0K0oQaEagAYBDgxrbG1ub3BxcnN0dXZ3+f0+rw8vT2+Pr8/wEDBQcJ9oWG+8PERMVFxUXGRsdHyEjJScpKy0vMTM1Nzk7PT9BQ0VHSUtNT1FTVVdZW11fYWNlZ2lrbW9xc3V3eXt9f4GDhYeJi42PkZOVl5mbnZ+ho6Wnqautr7Gztbe5u72/wcPFx8nLzc/R09XX2dvV19nb3d/h4/7y8/T/zASb9fYL7i7kinChIX/MutgA=",
);
const xz = packed(
  "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4ARDAQJdABiCgo8iTvimVffwmaUlDZBFkVpRtJvKrNwFMuyFUp+xSG3v3OhLuWG64JxTf5jIqVQO/D0q0wbXZkQ9VmSmzT3Xxx9E9BjfAgs/4sbGe+Hnf3lEHHm3Qq5luBu1DoThmoIGIzlaf3KqQ/qlmh+SwL5FcXlK1ZPGkAo5rZxlhyq2GjjH4ZMXytA+CeqwUvAQYCbAXl8QkQ25eXh9l0Jg0KY4d+Ej6LsoT4hSLXVYJj9m/eKc69OvYdk1ev/7YrE8fJMc8mS4TRyFKrFcAAY2AUrrvAVI71xotTxxgZ4sbORnBs+FKnUJGYy8F0QNzTxpxjbEnpzS7js1Ej6TUpedidqbMQAAAGc3dbfmK+6BAAGeAsQIAABn2MVpscRn+wIAAAAABFla",
);
const lzma = packed(
  "XQAAgAD//////////wAYgoKPIk74plX38JmlJQ2QRZFaUbSbyqzcBTLshVKfsUht79zoS7lhuuCcU3+YyKlUDvw9KtMG12ZEPVZkps0918cfRPQY3wILP+LGxnvh5395RBx5t0KuZbgbtQ6E4ZqCBiM5Wn9yqkP6pZofksC+RXF5StWTxpAKOa2cZYcqtho4x+GTF8rQPgnqsFLwEGAmwF5fEJENuXl4fZdCYNCmOHfhI+i7KE+IUi11WCY/Zv3inOvTr2HZNXr/+2KxPHyTHPJkuE0chSqxXAAGNgFK67wFSO9caLU8cYGeLGzkZwbPhSp1CRmMvBdEDc08acY2xJ6c0u47NRI+k1KXnY2jGPSf/n65IA==",
);
/** Two blocks. */
const xzBlocks = packed(
  "/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAFZmlyc3QgAAAA5vUbUSR5EHICACEBFgAAAHQv5aMBAAVzZWNvbmQAAAA46IjFxjC0dAACHgYeBgAAFQRq8LHEZ/sCAAAAAARZWg==",
);

test("what was packed comes out", () => {
  for (const unpacked of [
    unpackBzip2(bzip2, 10_000, newBudget()),
    unpackXz(xz, 10_000, newBudget()),
    unpackLzmaAlone(lzma, 10_000, newBudget()),
  ]) {
    assert.equal(unpacked.bytes.toString(), numbers);
    assert.equal(unpacked.whole, true);
  }
  const bytes = Buffer.concat([
    Buffer.from(Array.from({ length: 256 }, (_, i) => i)),
    Buffer.from(`aaaa${"b".repeat(300)}`),
  ]);
  assert.deepEqual(unpackBzip2(bzip2Bytes, 10_000, newBudget()).bytes, bytes);
  assert.deepEqual(unpackXz(xzBlocks, 10_000, newBudget()).bytes.toString(), "first second");
});

test("no more than is asked for, and what is left of the budget goes back", () => {
  const budget = newBudget();
  const head = unpackBzip2(bzip2, 100, budget);
  assert.equal(head.bytes.toString(), numbers.slice(0, 100));
  assert.equal(head.whole, false);
  assert.ok(newBudget().lzmaBytes - budget.lzmaBytes < 10_000);
  assert.equal(unpackXz(xz, 100, newBudget()).bytes.toString(), numbers.slice(0, 100));
  const poor = { ...newBudget(), lzmaBytes: 0 };
  assert.equal(unpackBzip2(bzip2, 100, poor).bytes.length, 0);
  assert.deepEqual([...poor.reached], ["unpacked"]);
});

test("cut and changed bytes are read without harm", () => {
  for (const whole of [bzip2, bzip2Bytes, xz, lzma]) {
    const read = whole === bzip2 || whole === bzip2Bytes ? unpackBzip2 : whole === xz ? unpackXz : unpackLzmaAlone;
    for (let at = 0; at < whole.length; at += 3) {
      read(whole.subarray(0, at), 5000, newBudget());
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 0x55;
      assert.ok(read(changed, 5000, newBudget()).bytes.length <= 5000);
    }
  }
});

test("a packed file is named after the file that holds it", () => {
  const name = (bytes: Buffer, file: string) => openArchive(bytes, file, newBudget())?.members[0]?.entry.name;
  assert.equal(name(bzip2, "a.js.bz2"), "a.js");
  assert.equal(name(bzip2, "a.tbz"), "a.tar");
  assert.equal(name(xz, "a.js.xz"), "a.js");
  assert.equal(name(lzma, "a.js.lzma"), "a.js");
  assert.equal(openArchive(lzma, "a.js", newBudget()), null);
});
