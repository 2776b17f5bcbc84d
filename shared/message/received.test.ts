import assert from "node:assert/strict";
import { test } from "node:test";
import type { Hop } from "../task.ts";
import { parseReceived } from "./received.ts";

const empty: Hop = {
  from: "",
  rdns: "",
  ip: "",
  by: "",
  with: "",
  id: "",
  for: "",
  time: null,
  tls: false,
  authenticated: false,
};
const time = Date.UTC(2024, 0, 2, 3, 4, 5);
const date = "Tue, 2 Jan 2024 03:04:05 +0000";

const cases: readonly (readonly [server: string, text: string, hop: Partial<Hop>])[] = [
  [
    "Postfix",
    `from mail.a.test (unknown [192.0.2.1]) by mx.b.test (Postfix) with ESMTP id 4F1 for <x@b.test>; ${date} (UTC)`,
    { from: "mail.a.test", ip: "192.0.2.1", by: "mx.b.test", with: "ESMTP", id: "4F1", for: "x@b.test", time },
  ],
  [
    "Postfix with TLS and login",
    `from [10.0.0.5] (host.a.test [IPv6:2001:DB8::5]) (using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)) ` +
      `(No client certificate requested) (Authenticated sender: joe) by mx.b.test (Postfix) with ESMTPSA id 4F1; ${date}`,
    {
      from: "[10.0.0.5]",
      rdns: "host.a.test",
      ip: "2001:db8::5",
      by: "mx.b.test",
      with: "ESMTPSA",
      id: "4F1",
      time,
      tls: true,
      authenticated: true,
    },
  ],
  [
    "Postfix, TLS only in the comment",
    "from a.test (a.test [192.0.2.1]) (using TLSv1 with cipher X (128/128 bits)) by b.test (Postfix) with ESMTP id 1",
    { from: "a.test", rdns: "a.test", ip: "192.0.2.1", by: "b.test", with: "ESMTP", id: "1", tls: true },
  ],
  ["Postfix, local", "by mx.b.test (Postfix, from userid 1000) id 4F1", { by: "mx.b.test", id: "4F1" }],
  [
    "Sendmail",
    `from mail.a.test (IDENT:root@host.a.test [192.0.2.1] (may be forged)) by mx.b.test (8.9.3/8.9.3) with ESMTP id NAA29323; ${date}`,
    { from: "mail.a.test", rdns: "host.a.test", ip: "192.0.2.1", by: "mx.b.test", with: "ESMTP", id: "NAA29323", time },
  ],
  [
    "Sendmail with login",
    "from pc (pc.a.test [192.0.2.1]) (authenticated bits=0) by mx.b.test (8.14) with ESMTP id 1",
    { from: "pc", rdns: "pc.a.test", ip: "192.0.2.1", by: "mx.b.test", with: "ESMTP", id: "1", authenticated: true },
  ],
  ["Sendmail, local", "(from root@localhost) by mx.b.test (8.9.3/8.9.3/Submit) id N1", { by: "mx.b.test", id: "N1" }],
  [
    "Exim",
    "from host.a.test ([192.0.2.1] helo=mail.a.test) by mx.b.test with esmtps (TLS1.3) tls TLS_AES_256_GCM_SHA384 (Exim 4.96) (envelope-from <j@a.test>) id 1rKX",
    {
      from: "mail.a.test",
      rdns: "host.a.test",
      ip: "192.0.2.1",
      by: "mx.b.test",
      with: "ESMTPS",
      id: "1rKX",
      tls: true,
    },
  ],
  [
    "Exim without a reverse name",
    "from [192.0.2.1] (helo=mail.a.test) by mx.b.test with esmtpa (Exim 4.96) id 1rKX",
    { from: "mail.a.test", ip: "192.0.2.1", by: "mx.b.test", with: "ESMTPA", id: "1rKX", authenticated: true },
  ],
  [
    "qmail",
    "from unknown (HELO mail.a.test) (joe@192.0.2.1) by mx.b.test with SMTP",
    { from: "mail.a.test", ip: "192.0.2.1", by: "mx.b.test", with: "SMTP" },
  ],
  [
    "qmail with a reverse name",
    "from host.a.test (HELO mail.a.test) (192.0.2.1) by mx.b.test with ESMTPS",
    { from: "mail.a.test", rdns: "host.a.test", ip: "192.0.2.1", by: "mx.b.test", with: "ESMTPS", tls: true },
  ],
  ["qmail, local", `(qmail 1234 invoked by uid 1000); 2 Jan 2024 03:04:05 -0000`, { time }],
  [
    "Exchange",
    `from EX1.b.test (2001:db8::1) by EX2.b.test (192.0.2.7) with Microsoft SMTP Server (version=TLS1_2, cipher=TLS_X) id 15.1; ${date}`,
    { from: "EX1.b.test", ip: "2001:db8::1", by: "ex2.b.test", with: "SMTP", id: "15.1", time, tls: true },
  ],
  [
    "Google",
    `from mail-x.a.test (mail-x.a.test. [192.0.2.1]) by mx.google.test with ESMTPS id a1-b2 for <x@b.test> (version=TLS1_3 cipher=X bits=256/256); ${date}`,
    {
      from: "mail-x.a.test",
      rdns: "mail-x.a.test",
      ip: "192.0.2.1",
      by: "mx.google.test",
      with: "ESMTPS",
      id: "a1-b2",
      for: "x@b.test",
      time,
      tls: true,
    },
  ],
  [
    "Google, inside",
    `by 2002:a05:6402:1 with SMTP id q7; ${date}`,
    { by: "2002:a05:6402:1", with: "SMTP", id: "q7", time },
  ],
  [
    "CommuniGate",
    "from [192.0.2.1] (account joe@b.test HELO pc.a.test) by mx.b.test (CommuniGate Pro SMTP 6) with ESMTPSA id 7",
    { from: "pc.a.test", ip: "192.0.2.1", by: "mx.b.test", with: "ESMTPSA", id: "7", tls: true, authenticated: true },
  ],
  [
    "fetchmail",
    "from mx.b.test [192.0.2.1] by localhost with IMAP (fetchmail-5.9.0) for joe@localhost (single-drop)",
    { from: "mx.b.test", ip: "192.0.2.1", by: "localhost", with: "IMAP", for: "joe@localhost" },
  ],
  ["bots", "from [192.0.2.1] by mx.b.test;", { from: "[192.0.2.1]", ip: "192.0.2.1", by: "mx.b.test" }],
  ["nothing", "", {}],
  ["rubbish", "((((;;;;)))) from from by", { from: "from" }],
];

test("hops of many servers", () => {
  for (const [server, text, hop] of cases) {
    assert.deepEqual(
      parseReceived(text, 10, () => {}),
      { ...empty, ...hop },
      server,
    );
  }
});
