import assert from "node:assert/strict";
import { test } from "node:test";
import { analyse } from "../../shared/message/analyse.ts";
import { mailName } from "./mail-name.ts";

function nameOf(body: string, headers = ""): string {
  return mailName(analyse(Buffer.from(`${headers}Message-ID: <1@example.org>\n\n${body}`)));
}

test("a mail that was delivered and stored has the name of the mail that was scanned", () => {
  const body = `From here on\n>From there on\n${"all goes well. ".repeat(100)}`;
  const name = nameOf(body);
  assert.equal(nameOf(body.replaceAll("\n", "\r\n")), name);
  assert.equal(nameOf(`${body.replace(/^(?=>*From )/gm, ">")}\n\n`, "Received: from a by b; now\n"), name);
  assert.notEqual(nameOf(body.replace("there", "elsewhere")), name);
});
