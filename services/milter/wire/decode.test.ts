import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeConnect, decodeHeader, decodeLine, decodeMacros, decodePath } from "./decode.ts";

const bytes = (text: string) => Buffer.from(text, "latin1");
const bad = { code: "bad-input" };

test("connect: host name, family, port (two bytes), address", () => {
  assert.deepEqual(decodeConnect(bytes("mx.example.org\x004\x30\x39192.0.2.1\0")), {
    hostname: "mx.example.org",
    family: 0x34,
    port: 12345,
    address: "192.0.2.1",
  });
  const six = decodeConnect(bytes("unknown\x006\0\0IPv6:2001:db8::1\0"));
  assert.equal(six.address, "IPv6:2001:db8::1");
  assert.equal(decodeConnect(bytes("localhost\0L\0\0/run/mta\0")).address, "/run/mta");
});

test("connect: an unknown family has no address", () => {
  assert.equal(decodeConnect(bytes("localhost\0U")).address, "");
  assert.equal(decodeConnect(bytes("localhost\0U\0\0\0")).address, "");
});

test("connect: cut anywhere", () => {
  const whole = "mx\x004\x30\x39192.0.2.1\0";
  for (let end = 0; end < whole.length; end++)
    assert.throws(() => decodeConnect(bytes(whole.slice(0, end))), bad, `${end} bytes`);
  assert.throws(() => decodeConnect(bytes("mx\x009\0\0addr\0")), bad);
});

test("path with parameters", () => {
  assert.deepEqual(decodePath(bytes("<a@example.org>\0SIZE=10\0BODY=8BITMIME\0")), {
    path: "<a@example.org>",
    args: ["SIZE=10", "BODY=8BITMIME"],
  });
});

test("path: none, without an end, too many parameters", () => {
  assert.throws(() => decodePath(bytes("")), bad);
  assert.throws(() => decodePath(bytes("<a@example.org>")), bad);
  assert.throws(() => decodePath(bytes(`<>\0${"A=1\0".repeat(65)}`)), bad);
});

test("addresses may be UTF-8; what is not stays one character a byte", () => {
  assert.equal(decodePath(Buffer.from("<jürgen@example.org>\0")).path, "<jürgen@example.org>");
  assert.equal(decodePath(bytes("<j\xfcrgen@example.org>\0")).path, "<j\xfcrgen@example.org>");
});

test("macros: the command they come before, then names and values", () => {
  const { command, macros } = decodeMacros(bytes("Mi\0ABC\0{auth_authen}\0bob\0{i}x\0\0"));
  assert.equal(command, 0x4d);
  assert.deepEqual(
    [...macros],
    [
      ["i", "ABC"],
      ["auth_authen", "bob"],
      ["{i}x", ""],
    ],
  );
});

test("macros: a name without a value, nothing at all", () => {
  assert.throws(() => decodeMacros(bytes("Mi\0")), bad);
  assert.throws(() => decodeMacros(bytes("")), bad);
  assert.equal(decodeMacros(bytes("M")).macros.size, 0);
});

test("header: name and value, any bytes but NUL", () => {
  const { name, value } = decodeHeader(bytes("Subject\0 a\n\tb\xff\0"));
  assert.equal(name.toString("latin1"), "Subject");
  assert.equal(value.toString("latin1"), " a\n\tb\xff");
  for (const wrong of ["", "Subject", "Subject\0", "Subject\0value", "Subject\0value\0more\0"])
    assert.throws(() => decodeHeader(bytes(wrong)), bad, JSON.stringify(wrong));
});

test("line: exactly one string", () => {
  assert.equal(decodeLine(bytes("mail.example.org\0")), "mail.example.org");
  for (const wrong of ["", "a", "a\0b\0"]) assert.throws(() => decodeLine(bytes(wrong)), bad);
});
