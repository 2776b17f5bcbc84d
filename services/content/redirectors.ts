// Services that lead elsewhere: what is behind them, only a request tells.

import { defineCheck } from "../../shared/check.ts";
import { section } from "../../shared/config/schema.ts";
import { domainSet, hasHost } from "./domain-set.ts";

export const redirectorConfig = {
  url_redirector: section("Services that shorten URLs or lead elsewhere.", {
    redirector_hosts: domainSet(
      "bit.ly bitly.com buff.ly cutt.ly dlvr.it fb.me goo.gl ift.tt is.gd j.mp lnkd.in ow.ly qr.ae rb.gy rebrand.ly s.id " +
        "shorturl.at snip.ly soo.gd t.co t.ly t2m.io tiny.cc tinyurl.com tr.im trib.al u.to urlz.fr v.gd vk.cc wp.me x.co " +
        "youtu.be clck.ru bl.ink cli.gs migre.me po.st shorte.st adf.ly t1p.de bit.do n9.cl " +
        // Of mailing services, which count the clicks: the text of such a link shows where it leads in the end.
        "list-manage.com list-manage1.com list-manage2.com mandrillapp.com sendgrid.net awstrack.me rs6.net exct.net mjt.lu " +
        "pstmrk.it klclick.com klclick1.com hubspotlinks.com mlsend.com cmail19.com cmail20.com createsend1.com emlnk.com",
      "Hosts of such services.",
    ),
  }),
};

export const redirectors = defineCheck({
  name: "CHECK_REDIRECTORS",
  about: "Looks for services that lead elsewhere.",
  stage: "filter",
  group: "url",
  reads: ["urls"],
  followsUrls: true,
  config: redirectorConfig,
  symbols: {
    REDIRECTOR_URL: { score: 0, about: "A URL leads to a service that leads elsewhere." },
    URL_REDIRECTOR_NESTED: { score: 1, about: "A redirector leads to another one.", group: "phishing" },
  },
  run(task, ctx) {
    const { redirector_hosts: hosts } = ctx.config.url_redirector;
    for (const { host, path, query, origin } of task.urls) {
      if (origin === "header" || !hasHost(hosts, host)) continue;
      ctx.hit("REDIRECTOR_URL", { options: [host] });
      const next = /(?:https?:\/\/|https?%3a%2f%2f)([a-z0-9.-]{1,253})/i.exec(`${path}?${query}`)?.[1];
      if (next !== undefined && hasHost(hosts, next.toLowerCase()))
        ctx.hit("URL_REDIRECTOR_NESTED", { options: [host] });
    }
  },
});
