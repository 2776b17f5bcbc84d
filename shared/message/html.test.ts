import assert from "node:assert/strict";
import { test } from "node:test";
import { analyseHtml } from "./html.ts";

const limits = { htmlTags: 1_000, htmlAttributes: 20, htmlDepth: 50 };

function read(source: string) {
  return analyseHtml(source, 3, limits);
}

function shown(source: string) {
  return read(source).text;
}

test("white space reads as a reader sees it", () => {
  assert.equal(shown("  Hello \r\n\t <b> big </b>world  <i>!</i> "), "Hello big world !");
  assert.equal(shown("a<b>b</b>c"), "abc");
  assert.equal(shown("a&nbsp;&nbsp;b"), "a  b");
  assert.equal(shown("x<pre> a\r\n  b </pre>y"), "x\n a\n  b \ny");
});

test("blocks and line breaks start lines, cells are apart", () => {
  assert.equal(shown("a<div>b</div>c<p>d<p>e<ul><li>f<li>g</ul>h"), "a\nb\nc\nd\ne\nf\ng\nh");
  assert.equal(shown("a<br>b<br/><br>c<br><br><br><br>d</br>e"), "a\nb\n\nc\n\nd\ne");
  assert.equal(shown("<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>"), "1\t2\n3");
});

test("entities are decoded once", () => {
  assert.equal(shown("&lt;b&gt; &amp;amp; &#65;&#x42; &eacute;&copy &unknown; &"), "<b> &amp; AB é© &unknown; &");
});

test("what is not content is dropped", () => {
  const source =
    "<!DOCTYPE html><html><head><title>T</title><style>p{}</style><script>if (a < b) '</p>'</script></head>" +
    "<body>a<!-- b <p> --><![if !mso]>c<![endif]><!--[if mso]>d<![endif]--><?php e ?>f<noscript>g</noscript>" +
    '<template>h</template><img alt="i" src="cid:x"></body></html>';
  assert.equal(shown(source), "acfg");
  assert.equal(shown("<head>no end of head<p>text"), "no end of head\ntext");
});

test("`<` in text and NUL do no harm", () => {
  assert.equal(shown("1 < 2 <3 and a<= b << c"), "1 < 2 <3 and a<= b << c");
  assert.equal(shown("a\0b"), "ab");
  assert.equal(shown("<textarea> <b>&amp; </textarea>x"), " <b>& x");
  assert.equal(shown("text <a href='x"), "text");
});

test("links have their visible text and image", () => {
  const { html } = read(
    '<a href=" http://a.example/?x=1&amp;y=2 "> one <b>two</b>\n<span style="display:none">no</span></a>' +
      '<a href="http://b.example/"><img src="cid:1" width="10" height=20px alt="&eacute;"></a>' +
      '<a name="x">anchor</a><area href="http://c.example/"><a href="http://d.example/">open <a href="#">again',
  );
  assert.deepEqual(html.links, [
    { href: "http://a.example/?x=1&y=2", text: "one two", image: -1 },
    { href: "http://b.example/", text: "", image: 0 },
    { href: "http://c.example/", text: "", image: -1 },
    { href: "http://d.example/", text: "open", image: -1 },
    { href: "#", text: "again", image: -1 },
  ]);
  assert.deepEqual(html.images, [{ src: "cid:1", width: 10, height: 20, alt: "é", embedded: true, linked: true }]);
});

test("images take their size from attributes, else from styles", () => {
  const { html } = read(
    '<img src="http://a.example/x" style="width: 30px; height:40px"><img src="DATA:image/png;base64,x" width="100%">' +
      '<input type="IMAGE" src="x.png" width="5"><img>',
  );
  assert.deepEqual(html.images, [
    { src: "http://a.example/x", width: 30, height: 40, alt: "", embedded: false, linked: false },
    { src: "DATA:image/png;base64,x", width: 0, height: 0, alt: "", embedded: true, linked: false },
    { src: "x.png", width: 5, height: 0, alt: "", embedded: false, linked: false },
  ]);
});

test("relative references are resolved by the base, wherever it stands", () => {
  const { html } = read(
    '<a href="x?y">a</a><base href="http://a.example/b/c"><base href="http://no.example/"><img src="/i.png">' +
      '<form action="//d.example/e"><a href="mailto:u@e.example">m</a>',
  );
  assert.deepEqual(
    html.links.map((link) => link.href),
    ["http://a.example/b/x?y", "mailto:u@e.example"],
  );
  assert.equal(html.images[0]?.src, "http://a.example/i.png");
  assert.deepEqual(html.forms, ["http://d.example/e"]);
});

test("finds forms, refresh, style sheets, tags", () => {
  const { html } = read(
    '<meta http-equiv="Refresh" content="0; URL=\'http://r.example/\'"><link rel="StyleSheet" href="s.css">' +
      '<link rel=icon href=i><FORM ACTION="http://f.example/"><button formaction="http://g.example/">x</button></form><form></form>',
  );
  assert.equal(html.part, 3);
  assert.equal(html.refresh, "http://r.example/");
  assert.deepEqual(html.stylesheets, ["s.css"]);
  assert.deepEqual(html.forms, ["http://f.example/", "http://g.example/", ""]);
  assert.deepEqual(html.tags, ["meta", "link", "form", "button"]);
});

test("refresh is read in the ways that browsers read it", () => {
  const refresh = (content: string) => read(`<meta http-equiv=refresh content="${content}">`).html.refresh;
  assert.equal(refresh("5;url=http://a.example/"), "http://a.example/");
  assert.equal(refresh("5,http://a.example/"), "http://a.example/");
  assert.equal(refresh(" 0.5 ; url = x y"), "x y");
  assert.equal(refresh("5"), "");
  assert.equal(refresh("x;url=y"), "");
});

test("balanced means closed in order", () => {
  for (const good of [
    "",
    "<p>a<p>b",
    "<ul><li>a<li>b</ul>",
    "<table><tr><td><b>x</b><td>y</table>",
    "<br></p><b>x</b>",
  ]) {
    assert.equal(read(good).html.balanced, true, good);
  }
  for (const bad of ["<b>", "</b>", "<b><i></b></i>", "<div><p></div></div>", "<script>"]) {
    assert.equal(read(bad).html.balanced, false, bad);
  }
});

test("a limit is noted, and text and links go on beyond it", () => {
  const deep = read(`${"<div>".repeat(100)}x${"</div>".repeat(100)}`);
  assert.deepEqual([deep.flaws, deep.text, deep.html.balanced], [["limit-html"], "x", true]);
  const many = read(`${"<b></b>".repeat(600)}<a href="http://a.example/">x</a>`);
  assert.deepEqual([many.flaws, many.html.links.length], [["limit-html"], 1]);
  const wide = read(`<a ${"x ".repeat(30)}>x</a>`);
  assert.deepEqual([wide.flaws, wide.text], [["limit-html"], "x"]);
  assert.deepEqual(read("<b>x</b>").flaws, []);
});

test("hostile sources of a megabyte come to an end", () => {
  const pieces = [
    "<",
    "&",
    "</",
    "<!--",
    "<a href=",
    "<a href='x'>",
    "style=",
    "<p style='color:red",
    "<div>",
    "<b><i></b>",
    "</b>",
    "<p>",
    "<td><b>",
    "<table><tr><td>",
    "<script>",
    "<style>",
    "<style>a{",
    "<script></",
    "-->",
    "&amp",
    "<br>",
    "\0",
    "<img src=x>",
    "<a>",
    "<font color=#fff>",
    "<textarea>",
    "<li>",
    "<title>",
    "<base href=http://a/><a href=x>",
  ];
  for (const piece of pieces) {
    const source = piece.repeat(1_000_000 / piece.length);
    const { html, text } = read(source);
    assert.equal(html.source, source);
    assert.ok(text.length <= source.length, piece);
  }
});

test("100,000 elements within each other are read to the end", () => {
  const { html, text, flaws } = read(`${"<div>".repeat(100_000)}deep${"</div>".repeat(100_000)}<a href="x">after</a>`);
  assert.equal(text, "deep\nafter");
  assert.equal(html.links.length, 1);
  assert.deepEqual(flaws, ["limit-html"]);
});
