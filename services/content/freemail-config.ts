// The sections `freemail` and `disposable`: where anybody gets a mailbox for nothing.

import { section } from "../../shared/config/schema.ts";
import { domainSet } from "./domain-set.ts";

export const freemailConfig = {
  freemail: section("Mailboxes that cost nothing.", {
    domains: domainSet(
      "gmail.com googlemail.com outlook.com hotmail.com live.com msn.com passport.com hotmail.co.uk hotmail.fr hotmail.de " +
        "hotmail.it hotmail.es live.co.uk live.fr live.nl outlook.fr outlook.de outlook.es outlook.jp yahoo.com ymail.com " +
        "rocketmail.com yahoo.co.uk yahoo.fr yahoo.de yahoo.it yahoo.es yahoo.ca yahoo.co.in yahoo.in yahoo.co.jp " +
        "yahoo.com.br yahoo.com.au yahoo.com.ar yahoo.com.mx yahoo.com.cn yahoo.com.hk yahoo.com.tw yahoo.com.sg aol.com " +
        "aim.com icloud.com me.com mac.com gmx.com gmx.net gmx.de gmx.at gmx.ch gmx.us gmx.co.uk gmx.fr web.de freenet.de " +
        "t-online.de mail.com email.com usa.com consultant.com europe.com mail.ru bk.ru inbox.ru list.ru internet.ru " +
        "rambler.ru lenta.ru ro.ru yandex.ru yandex.com ya.ru yandex.ua yandex.by yandex.kz ukr.net i.ua meta.ua bigmir.net " +
        "tut.by proton.me protonmail.com protonmail.ch pm.me tutanota.com tutanota.de tuta.io tuta.com hushmail.com " +
        "zoho.com zohomail.com fastmail.com fastmail.fm inbox.com inbox.lv excite.com lycos.com netscape.net juno.com " +
        "netzero.net rediffmail.com indiatimes.com qq.com foxmail.com 163.com 126.com yeah.net sina.com sina.cn sohu.com " +
        "tom.com 21cn.com aliyun.com 139.com naver.com daum.net hanmail.net nate.com orange.fr wanadoo.fr free.fr " +
        "laposte.net sfr.fr libero.it virgilio.it tiscali.it alice.it tin.it email.it terra.com.br uol.com.br bol.com.br " +
        "ig.com.br globo.com wp.pl o2.pl onet.pl op.pl interia.pl tlen.pl gazeta.pl seznam.cz centrum.cz centrum.sk " +
        "azet.sk freemail.hu citromail.hu abv.bg mail.bg btinternet.com comcast.net verizon.net att.net sbcglobal.net " +
        "bellsouth.net cox.net earthlink.net mailfence.com posteo.de mailbox.org runbox.com disroot.org riseup.net",
      "Domains of such mailboxes.",
    ),
  }),
  disposable: section("Mailboxes to throw away.", {
    domains: domainSet(
      "mailinator.com guerrillamail.com guerrillamail.net guerrillamail.org guerrillamail.biz guerrillamailblock.com " +
        "sharklasers.com grr.la 10minutemail.com 10minutemail.net temp-mail.org tempmail.com tempmail.net temp-mail.io " +
        "throwawaymail.com trashmail.com trashmail.de trashmail.net trash-mail.com wegwerfmail.de yopmail.com yopmail.fr " +
        "yopmail.net dispostable.com maildrop.cc mailnesia.com mailcatch.com getnada.com nada.email mohmal.com fakeinbox.com " +
        "getairmail.com spamgourmet.com mytemp.email tempr.email discard.email discardmail.com spambog.com mintemail.com " +
        "moakt.com emailondeck.com burnermail.io tempail.com 33mail.com anonbox.net jetable.org incognitomail.com " +
        "mailexpire.com spam4.me tempinbox.com inboxkitten.com mail-temporaire.fr byom.de",
      "Domains of such mailboxes.",
    ),
  }),
};
