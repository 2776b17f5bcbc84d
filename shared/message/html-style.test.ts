import assert from "node:assert/strict";
import { test } from "node:test";
import { analyseHtml } from "./html.ts";

const limits = { htmlTags: 1_000, htmlAttributes: 20, htmlDepth: 50 };

function read(source: string) {
  const { html, text } = analyseHtml(source, 1, limits);
  return { text, ...html.hidden, blocks: html.hiddenBlocks, visible: html.visible };
}

const unseen = { font: 0, colour: 0, display: 0 };
const noBlocks = { font: 0, display: 0 };

/** Text "hidden" within an element is not seen for the reason given; what follows it is. */
function hides(reason: "font" | "colour" | "display", open: string, close: string): void {
  const found = read(`${open}hidden${close} seen`);
  const blocks = reason === "colour" ? noBlocks : { ...noBlocks, [reason]: 1 };
  assert.deepEqual(found, { text: "seen", ...unseen, [reason]: 6, blocks, visible: 4 }, open);
}

test("display, visibility, opacity and position hide", () => {
  hides("display", '<div style="display:none">', "</div>");
  hides("display", '<div style="visibility: HIDDEN">', "</div>");
  hides("display", "<span style=opacity:0>", "</span>");
  hides("display", "<p hidden>", "</p>");
  hides("display", '<div style="position:absolute;left:-9999px">', "</div>");
  hides("display", '<div style="text-indent:-999em">', "</div>");
  hides("display", '<div style="max-height:0;overflow:hidden">', "</div>");
  hides("display", "<template>", "</template>");
  hides("display", "<span style='d&#105;splay:none'>", "</span>");
});

test("tiny text hides", () => {
  hides("font", '<span style="font-size:0">', "</span>");
  hides("font", '<span style="font-size:1px">', "</span>");
  hides("font", '<span style="font:0/0 a">', "</span>");
  hides("font", '<span style="font-size:0.05em">', "</span>");
});

test("text in the colour of its background hides", () => {
  hides("colour", '<font color="white">', "</font>");
  hides("colour", '<font color="#fdfdfd">', "</font>");
  hides("colour", '<span style="color:transparent">', "</span>");
  hides("colour", '<table bgcolor=black><tr><td><font color="#000001">', "</font></td></tr></table>");
  hides("colour", '<div style="background:red;color:rgb(255,0,0)">', "</div>");
});

test("the colours of the body hold for all in it", () => {
  assert.equal(read('<body bgcolor="#000000" text="#000000">x').colour, 1);
  assert.equal(read('<body bgcolor="#000000"><font color=white>x</font>').text, "x");
  assert.equal(read('<body style="background:#123456"><font color=#123456>x</font>y').text, "y");
});

test("what others could take for hidden is seen", () => {
  for (const source of [
    '<div style="background:url(x.png);color:white">x</div>',
    '<font color="#cccccc">x</font>',
    '<font color="white"><a href="http://a.example/">x</a></font>', // links have a colour of their own
    '<div style="font-size:0"><span style="font-size:12px">x</span></div>',
    '<div style="visibility:hidden"><b style="visibility:visible">x</b></div>',
    '<div style="height:0">x</div>', // overflows
    '<div style="display:none"></div>x',
    "<td width=0>x</td>",
    '<table style="background:black"><tr><td style="color:white">x</table>',
    '<p style="color:white">' + "<p>x", // ended by the next paragraph
  ]) {
    assert.equal(read(source).text, "x", source);
    assert.deepEqual(read(source).blocks, noBlocks, source);
  }
});

test("a hidden element hides all that is in it", () => {
  const found = read(
    '<div style="display:none">a<b style="display:block">b<i>c</i></b><div style="display:none">d</div></div>e',
  );
  assert.equal(found.text, "e");
  assert.equal(found.display, 4);
  assert.equal(found.blocks.display, 1);
  // An end tag within a cell does not reach out of its table.
  assert.equal(read('<div style="display:none"><table><tr><td></div>x').text, "");
});

test("rules of style sheets hide, before and after the text they are about", () => {
  assert.equal(
    read("<style>.x{display:none} #y{font-size:0} b{color:#fff}</style><p class='a X'>1<p id=y>2<p><b>3</b>4").text,
    "4",
  );
  assert.equal(read("<p class=x>1<p>2<style>.x{display:none}</style>").text, "2");
  assert.equal(read("<style>.x{display:none}</style><p class=x style='display:block'>1").text, "1");
  assert.equal(read("<style>.x{display:none!important}</style><p class=x style='display:block'>1").text, "");
  assert.equal(read("<style>@media (max-width:9px){.x{display:none}}</style><p class=x>1").text, "1");
});

test("padding in front of a preview does not count as text", () => {
  assert.equal(read(`<div style="display:none">${"&nbsp;&zwnj;&#847;".repeat(50)}</div>x`).display, 0);
});
