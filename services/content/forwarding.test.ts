import assert from "node:assert/strict";
import { test } from "node:test";
import { analyse } from "../../shared/message/analyse.ts";
import { forwarding } from "./forwarding.ts";

test("a recipient of plus signs costs no more than its length", () => {
  const plus = `a@${"+".repeat(200_000)}`;
  const raw = `Received: by mx.example.org for <${plus}>; Mon, 2 Nov 2026 10:00:00 +0000\r\nList-Id: <l>\r\nTo: <${plus}>\r\n\r\n`;
  const options: unknown[] = [];
  const hit = (symbol: string, detail: unknown) => options.push(symbol, detail);
  const facts = analyse(Buffer.from(raw));
  const task = { id: "1", envelope: { rcpts: ["bob@example.org"] }, ...facts };
  Reflect.apply(forwarding.run, forwarding, [task, { hit }]);
  assert.ok(options.length <= 2);
});
