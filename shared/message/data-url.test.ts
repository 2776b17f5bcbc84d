import assert from "node:assert/strict";
import { test } from "node:test";
import { analyse } from "./analyse.ts";
import { decodeDataUrl, maxDataFiles } from "./data-url.ts";

const decoded = (url: string) => {
  const file = decodeDataUrl(url);
  return file === null ? null : [file.type, file.content.toString("latin1")];
};

test("what data: URLs hold", () => {
  assert.deepEqual(decoded("data:image/png;base64,aGVsbG8="), ["image/png", "hello"]);
  assert.deepEqual(decoded("DATA:Image/PNG;charset=x;Base64,aGVs\n bG8"), ["image/png", "hello"]);
  assert.deepEqual(decoded("data:image/gif;base64,aGVsbG8%3D"), ["image/gif", "hello"]);
  assert.deepEqual(decoded("data:text/html,a%20b,c"), ["text/html", "a b,c"]);
  assert.deepEqual(decoded("data:,a"), ["text/plain", "a"]);
});

test("what is none, or empty", () => {
  for (const url of [
    "",
    "data:",
    "data:image/png;base64",
    "data:image/png;base64,",
    "cid:a",
    "http://a.example/data:,a",
  ])
    assert.equal(decoded(url), null);
});

test("pictures that lie in a page are files of the message", () => {
  const pictures = "<img src='data:image/png;base64,iVBORw0KGgo='>".repeat(maxDataFiles + 5);
  const { attachments } = analyse(Buffer.from(`Content-Type: text/html\r\n\r\n${pictures}<img src=cid:x>`));
  assert.equal(attachments.length, maxDataFiles);
  const [first] = attachments;
  assert.deepEqual(
    [first?.part, first?.filename, first?.type, first?.detected, first?.content.length],
    [0, "", "image/png", "image/png", 8],
  );
});
