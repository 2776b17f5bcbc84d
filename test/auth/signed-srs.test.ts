// A mail that is passed on through Postfix with a sender of ours, and its bounce that comes back.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Postfix, startPostfix } from "../milter/postfix.ts";
import { type Sink, startSink } from "../milter/sink.ts";
import { freePort } from "../servers/free-port.ts";
import { type Sluice, startSluice } from "../servers/sluice.ts";

let filter: Sluice;
let postfix: Postfix;
let sink: Sink;

before(async () => {
  const port = await freePort();
  filter = await startSluice({
    config: `srs { enabled = true; domain = "srs.example.org"; secret = "0123456789abcdef"; local_domains = ["example.org"];
                   bind_socket = "127.0.0.1:${port}"; }`,
  });
  sink = await startSink();
  const settings = {
    recipient_canonical_maps: `socketmap:inet:127.0.0.1:${port}:srs`,
    recipient_canonical_classes: "envelope_recipient",
    virtual_alias_domains: "srs.example.org",
  };
  postfix = await startPostfix({ milters: [filter.milter], deliverTo: sink.port, settings });
});

after(async () => {
  await postfix?.stop();
  await sink?.close();
  await filter?.close();
});

const mail = (id: string) => `From: joe@example.com\nTo: ann@example.net\nMessage-ID: <${id}@example.com>\n\nHello\n`;
const arrived = (id: string) => sink.find(({ message }) => message.includes(`<${id}@example.com>`));

test("passed on in our name, and back", async () => {
  const [entrance] = postfix.entrances;
  assert.ok(entrance);
  await entrance.send({ from: "Joe+x@example.com", to: "ann@example.net", message: mail("forward") });
  const { from } = await arrived("forward");
  assert.match(from, /^SRS0=[^=]{4}=[A-Z2-7]{2}=example\.com=Joe\+x@srs\.example\.org$/);
  await entrance.send({ from: "<>", to: from, message: mail("bounce") });
  assert.deepEqual((await arrived("bounce")).rcpts, ["Joe+x@example.com"]);
  const forged = await entrance.send({ from: "<>", to: from.replace("Joe", "Jim"), message: mail("forged") });
  assert.match(forged, /^550 5\.1\.1 .*User unknown/);
});

test("mail for us keeps its sender", async () => {
  await postfix.entrances[0]?.send({ from: "joe@example.com", to: "ann@example.org", message: mail("stays") });
  assert.equal((await arrived("stays")).from, "joe@example.com");
});
