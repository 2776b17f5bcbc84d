// The signed message of RFC 8463, appendix A: two signatures that other programs made.

import assert from "node:assert/strict";
import { test } from "node:test";
import { zoneDns } from "../../../shared/dns/zone.testing.ts";
import { analyse } from "../../../shared/message/analyse.ts";
import { queryKeys } from "./key-record.ts";
import { openMessage } from "./message.ts";
import { readSignature } from "./signature.ts";
import { verifySignature } from "./verify.ts";

const text = `DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=brisbane; t=1528637909; h=from : to :
 subject : date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
 Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=test; t=1528637909; h=from : to : subject :
 date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3
 DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz
 dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=
From: Joe SixPack <joe@football.example.com>
To: Suzie Q <suzie@shopping.example.net>
Subject: Is dinner ready?
Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
Message-ID: <20030712040037.46341.5F8J@football.example.com>

Hi.

We lost the game.  Are you hungry yet?

Joe.

`;

const dns = zoneDns([
  "brisbane._domainkey.football.example.com TXT v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
  "test._domainkey.football.example.com TXT v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB",
]);

for (const [name, lineEnd] of [
  ["CRLF", "\r\n"],
  ["bare LF", "\n"],
] as const) {
  test(`both signatures hold with ${name}`, async () => {
    const message = openMessage(analyse(Buffer.from(text.replaceAll("\n", lineEnd))));
    const outcomes = [];
    for (const field of message.fields.filter(({ key }) => key === "dkim-signature")) {
      const { signature } = readSignature(field, { now: Date.parse("2018-06-11"), jitter: 0 });
      assert.ok(signature);
      const keys = await queryKeys(dns, signature.domain, signature.selector);
      outcomes.push(verifySignature(message, field, signature, keys, 10));
    }
    assert.deepEqual(outcomes, [
      { result: "pass", reason: "", bits: 256, testing: false },
      { result: "pass", reason: "", bits: 1024, testing: false },
    ]);
  });
}
