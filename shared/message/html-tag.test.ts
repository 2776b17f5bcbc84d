import assert from "node:assert/strict";
import { test } from "node:test";
import { attribute, beginsTag, rawTextEnd, readTag, skipMarkup } from "./html-tag.ts";

function read(source: string, maxAttributes = 10) {
  const tag = readTag(source, 0, maxAttributes);
  assert.ok(tag !== null, source);
  return tag;
}

test("reads names and attributes however they are written", () => {
  const tag = read('<A\nHREF = x/y  CLASS=\'a "b\'\tTitle="no matter" hidden style="x:y"/>rest');
  assert.equal(tag.name, "a");
  assert.equal(attribute(tag, "href"), "x/y");
  assert.equal(attribute(tag, "class"), 'a "b');
  assert.equal(attribute(tag, "hidden"), "");
  assert.equal(attribute(tag, "style"), "x:y");
  assert.equal(tag.selfClosing, true);
  assert.equal(tag.end, '<A\nHREF = x/y  CLASS=\'a "b\'\tTitle="no matter" hidden style="x:y"/>'.length);
});

test("the first of two attributes counts", () => {
  assert.equal(attribute(read("<a href=1 href=2>"), "href"), "1");
});

test("odd tags read as browsers read them", () => {
  assert.equal(attribute(read("<a/href='x'/>"), "href"), "x");
  assert.equal(attribute(read('<a =x href="y">'), "href"), "y");
  assert.equal(attribute(read("<a href=>"), "href"), "");
  assert.equal(attribute(read("<a href=a<b>"), "href"), "a<b");
  assert.equal(read("</DIV foo>").closing, true);
  assert.equal(read("</DIV foo>").name, "div");
  assert.equal(read("<o:p>").name, "o:p");
  assert.equal(read("<\u212aBD>".replace("\u212a", "k\u212a")).name, "k\u212abd");
});

test("a tag without end is none", () => {
  for (const source of ["<a", "<a ", "<a href", "<a href=", "<a href=x", "<a href='x>", '<a href="x>']) {
    assert.equal(readTag(source, 0, 10), null, source);
  }
});

test("attributes beyond the limit are left out and noted", () => {
  const tag = read("<a x y z href=1>", 3);
  assert.equal(attribute(tag, "href"), undefined);
  assert.equal(tag.cut, true);
  assert.equal(read("<a x y href=1>", 3).cut, false);
});

test("tells tags from other markup and from text", () => {
  assert.ok(beginsTag("<a", 0) && beginsTag("</a", 0));
  for (const text of ["< a", "<1", "<", "</", "</ a", "<!a", "<?a", "<<"])
    assert.equal(beginsTag(text, 0), false, text);
  assert.equal(skipMarkup("< a>", 0), -1);
  assert.equal(skipMarkup("<", 0), -1);
  assert.equal(skipMarkup("<!DOCTYPE x>y", 0), 12);
  assert.equal(skipMarkup("<?xml?>y", 0), 7);
  assert.equal(skipMarkup("</>y", 0), 3);
  assert.equal(skipMarkup("<![CDATA[x]]>y", 0), 13);
  assert.equal(skipMarkup("<!x", 0), 3);
});

test("comments end as browsers end them", () => {
  for (const comment of ["<!---->", "<!-->", "<!--->", "<!-- a > b -->", "<!-- a --!>", "<!-- a -- b --->"]) {
    assert.equal(skipMarkup(`${comment}y`, 0), comment.length, comment);
  }
  assert.equal(skipMarkup("<!-- x", 0), 6);
});

test("raw text ends at its own end tag only", () => {
  const source = "a</b></scripts></SCRIPT >x";
  assert.equal(rawTextEnd(source, 0, "script"), source.indexOf("</SCRIPT"));
  assert.equal(rawTextEnd("a</b>", 0, "script"), 5);
});
