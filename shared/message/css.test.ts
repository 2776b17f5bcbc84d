import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDeclarations, parsePixels } from "./css.ts";
import { alike, parseAttributeColour, parseColour, transparent } from "./css-colour.ts";
import { addRules, lookOf, maxRules, noRules } from "./css-rules.ts";

test("reads colours in every notation", () => {
  assert.equal(parseColour("#fff"), 0xffffff);
  assert.equal(parseColour("#a1b2c3"), 0xa1b2c3);
  assert.equal(parseColour("#a1b2c3ff"), 0xa1b2c3);
  assert.equal(parseColour("#a1b2c300"), transparent);
  assert.equal(parseColour("#1230"), transparent);
  assert.equal(parseColour("rgb(1, 2, 3)"), 0x010203);
  assert.equal(parseColour("rgb(100% 0% 50%)"), 0xff0080);
  assert.equal(parseColour("rgba(1,2,3,0)"), transparent);
  assert.equal(parseColour("rgba(1,2,3,.9)"), 0x010203);
  assert.equal(parseColour("whitesmoke"), 0xf5f5f5);
  assert.equal(parseColour("transparent"), transparent);
  for (const none of ["", "#", "#12", "#ggg", "rgb(", "rgb(1,2)", "rgb(a,b,c)", "inherit"]) {
    assert.equal(parseColour(none), undefined, none);
  }
  assert.equal(parseAttributeColour(" FFFFFF "), 0xffffff);
});

test("colours that an eye does not tell apart are alike", () => {
  assert.ok(alike(0xffffff, 0xfafafa));
  assert.ok(!alike(0xffffff, 0xcccccc));
  assert.ok(!alike(0xffff00, 0xffffff));
});

test("reads lengths in pixels", () => {
  assert.equal(parsePixels("12px"), 12);
  assert.equal(parsePixels("-9999px"), -9999);
  assert.equal(parsePixels("3pt"), 4);
  assert.equal(parsePixels("0"), 0);
  assert.equal(parsePixels("50%"), undefined);
  assert.equal(parsePixels("auto"), undefined);
});

test("reads what hides text and nothing else", () => {
  const look = (css: string) => parseDeclarations(css).normal;
  assert.deepEqual(look("DISPLAY : None ; border: 1px"), { none: true });
  assert.deepEqual(look("display:none;display:block"), { none: false });
  assert.deepEqual(look("visibility:hidden;opacity:0"), { invisible: true, opacity: 0 });
  assert.deepEqual(look("font:italic bold 0/0 a"), { font: { value: 0, relative: false } });
  assert.deepEqual(look("font: 700 12px/1.5 Arial, sans-serif"), { font: { value: 12, relative: false } });
  assert.deepEqual(look("font-size:.5em"), { font: { value: 0.5, relative: true } });
  assert.deepEqual(look("color:#fff;background:url(a;b.png) red"), { colour: 0xffffff, background: "image" });
  assert.deepEqual(look("background: no-repeat #000 center"), { background: 0 });
  assert.deepEqual(look("left:-9999px;top:0"), { away: true });
  assert.deepEqual(look("text-indent:-10px"), { away: false });
});

test("comments, escapes and quotes do not mislead", () => {
  const look = (css: string) => parseDeclarations(css).normal;
  assert.deepEqual(look("display:/**/none"), { none: true });
  assert.deepEqual(look("d\\isplay:n\\6fne"), { none: true });
  assert.deepEqual(look("content:';display:none';color:red"), { colour: 0xff0000 });
  assert.deepEqual(look("/* display:none"), {});
  assert.deepEqual(look("\\110000"), {});
});

test("keeps what is important apart", () => {
  assert.deepEqual(parseDeclarations("display:none !important;color:red"), {
    normal: { colour: 0xff0000 },
    important: { none: true },
  });
});

test("takes rules by tag, class and id, the more specific over the others", () => {
  const rules = noRules();
  const css = `<!-- @import url(x.css); @charset "utf-8";
    td, .a { color: red } td.b { color: blue } #c { color: lime } .A { font-size: 0 } .d .e { display: none }
    @media (max-width: 600px) { .a { display: none } .b { display: none } }
    @media screen { .f { display: none } } .g { color: white } p:hover { display: none } -->`;
  assert.ok(addRules(rules, css));
  assert.deepEqual(lookOf(rules.normal, "td", "", ""), { colour: 0xff0000 });
  assert.deepEqual(lookOf(rules.normal, "td", "", "x B"), { colour: 0x0000ff });
  assert.deepEqual(lookOf(rules.normal, "td", "c", "b"), { colour: 0x00ff00 });
  assert.deepEqual(lookOf(rules.normal, "p", "", "a"), { colour: 0xff0000, font: { value: 0, relative: false } });
  assert.equal(lookOf(rules.normal, "p", "", "e b"), undefined);
  assert.deepEqual(lookOf(rules.normal, "p", "", "f"), { none: true });
  assert.deepEqual(lookOf(rules.normal, "p", "", "g"), { colour: 0xffffff });
});

test("a style sheet without end is bounded", () => {
  let css = "";
  for (let i = 0; i < maxRules + 10; i++) css += `.c${i}{display:none}`;
  const rules = noRules();
  assert.equal(addRules(rules, css), false);
  assert.equal(rules.normal.size, maxRules);
});

test("hostile style sheets come to an end", () => {
  for (const piece of [
    "{",
    "}",
    "a{",
    "@media screen{",
    "@x{",
    ";",
    ":",
    "a:b",
    "/*",
    "*/",
    "\\",
    "(",
    "'",
    "a,",
    "<!--",
  ]) {
    const rules = noRules();
    addRules(rules, piece.repeat(1_000_000 / piece.length));
    assert.equal(rules.normal.size, 0, piece);
    assert.deepEqual(parseDeclarations(piece.repeat(1_000_000 / piece.length)), { normal: {}, important: null });
  }
});
