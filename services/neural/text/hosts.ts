// Kinds of hosts, by rough lists: they feed weights, they decide nothing.

const freemail = new Set(
  (
    "gmail.com googlemail.com hotmail.com hotmail.co.uk hotmail.fr hotmail.de outlook.com live.com msn.com yahoo.com " +
    "yahoo.co.uk yahoo.fr yahoo.de yahoo.it yahoo.es yahoo.ca yahoo.co.in yahoo.in yahoo.co.jp yahoo.com.hk yahoo.com.br " +
    "ymail.com rocketmail.com aol.com aim.com gmx.com gmx.net gmx.de web.de mail.com email.com usa.com consultant.com " +
    "mail.ru bk.ru inbox.ru list.ru rambler.ru yandex.ru yandex.com ukr.net qq.com 163.com 126.com sina.com sohu.com " +
    "naver.com daum.net hanmail.net excite.com lycos.com netscape.net juno.com rediffmail.com libero.it virgilio.it " +
    "tiscali.it tiscali.co.uk orange.fr wanadoo.fr free.fr laposte.net terra.com.br uol.com.br bol.com.br seznam.cz wp.pl " +
    "o2.pl onet.pl abv.bg protonmail.com proton.me icloud.com me.com zoho.com fastmail.com inbox.lv att.net comcast.net " +
    "sbcglobal.net verizon.net bellsouth.net cox.net earthlink.net btinternet.com"
  ).split(" "),
);

/** Domains below which anybody has a mailbox for the asking. */
export function isFreemail(domain: string): boolean {
  return freemail.has(domain);
}

const shorteners = new Set(
  (
    "bit.ly tinyurl.com goo.gl t.co ow.ly is.gd buff.ly rebrand.ly cutt.ly shorturl.at t.ly rb.gy tiny.cc s.id v.gd " +
    "adf.ly bl.ink short.io snip.ly lnkd.in qrco.de u.to clck.ru soo.gd x.co"
  ).split(" "),
);
const freeHosting = new Set(
  (
    "blogspot.com weebly.com wixsite.com wordpress.com webs.com tripod.com angelfire.com geocities.com 000webhostapp.com " +
    "firebaseapp.com web.app pages.dev workers.dev netlify.app vercel.app herokuapp.com glitch.me ngrok.io ngrok.app r2.dev " +
    "azurewebsites.net windows.net cloudfront.net amazonaws.com appspot.com googleapis.com github.io surge.sh jimdo.com " +
    "ucoz.ru narod.ru altervista.org byethost.com 50megs.com freewebs.com godaddysites.com square.site carrd.co notion.site " +
    "sharepoint.com ipfs.io duckdns.org ddns.net no-ip.org hopto.org yolasite.com strikingly.com livejournal.com"
  ).split(" "),
);
const wildSuffixes = new Set(
  (
    "info biz top xyz click link online site website space icu live shop store club fun work pw tk ml ga cf gq win bid loan " +
    "date trade review stream download racing party science accountant faith cricket men gdn buzz monster quest cyou sbs cfd " +
    "bond rest hair makeup skin beauty lol mom autos boats homes yachts motorcycles best today guru life press host ws su cc to " +
    "cam casino bet porn sex adult vip ltd rocks digital promo offers deals pics zip mov"
  ).split(" "),
);
/** Of countries whose names spam of all the world has used, and whose people write to each other. */
const abusedCountries = new Set(["ru", "cn"]);
const soundSuffixes = new Set(["edu", "gov", "mil", "int", "ac", "org"]);

const mailingServices = new Set(
  (
    "list-manage.com mailchimp.com mailchimpapp.net sendgrid.net constantcontact.com rs6.net exacttarget.com exct.net " +
    "createsend.com cmail19.com cmail20.com mailgun.org sparkpostmail.com klaviyomail.com substack.com mandrillapp.com " +
    "sailthru.com responsys.net e2ma.net icontact.com hubspotemail.net hubspotlinks.com customer.io intercom-mail.com " +
    "mailjet.com sendinblue.com brevo.com campaign-archive.com campaignmonitor.com pardot.com marketo.com eloqua.com " +
    "eventbrite.com surveymonkey.com bluehornet.com silverpop.com mkt41.net cheetahmail.com topica.com yahoogroups.com " +
    "awstrack.me sparkpostmail2.com sendgrid.com mjt.lu mlsend.com mailerlite.com convertkit-mail.com convertkit-mail2.com " +
    "beehiiv.com klclick.com klclick1.com aweber.com getresponse.com activehosted.com emlnk.com " +
    "infusionsoft.com keap-link.com cmail1.com cmail2.com dotdigital-pages.com dmtrk.net emarsys.net inxmail.com " +
    "rapidmail.de cleverreach.com newsletter2go.com mailingwork.de episerver.net mailup.com contactlab.it sarbacane.com " +
    "splio.com unisender.com getvero.com iterable.com postmarkapp.com pstmrk.it mailtrack.io " +
    "braze.com appboy.com moengage.com movableink.com liveclicker.net returnpath.net hs-sites.com"
  ).split(" "),
);
const references = new Set(
  (
    "github.com gitlab.com bitbucket.org sourceforge.net launchpad.net stackoverflow.com wikipedia.org w3.org ietf.org kernel.org " +
    "apache.org debian.org ubuntu.com python.org gnu.org mozilla.org freebsd.org perl.org php.net r-project.org arxiv.org " +
    "doi.org acm.org ieee.org nature.com jstor.org nih.gov bbc.co.uk bbc.com nytimes.com washingtonpost.com guardian.co.uk " +
    "theguardian.com reuters.com economist.com wired.com slashdot.org atlassian.net atlassian.com readthedocs.io npmjs.com " +
    "redhat.com fedoraproject.org opensuse.org postgresql.org mysql.com gnome.org kde.org cpan.org archive.org flickr.com"
  ).split(" "),
);

export function isMailingService(domain: string): boolean {
  return mailingServices.has(domain);
}

/** Hosts that people point each other to. */
export function isReference(domain: string): boolean {
  return references.has(domain);
}

export function isShortener(domain: string): boolean {
  return shorteners.has(domain);
}

export function isFreeHosting(domain: string, host: string): boolean {
  if (freeHosting.has(domain)) return true;
  // Where the list of public suffixes has the host's suffix, `domain` is one label longer.
  const dot = domain.indexOf(".");
  return (
    (dot > 0 && freeHosting.has(domain.slice(dot + 1))) || host === "sites.google.com" || host === "docs.google.com"
  );
}

/** Whether the name is of a country whose names are abused more than others. */
export function isAbusedCountry(host: string): boolean {
  return abusedCountries.has(host.slice(host.lastIndexOf(".") + 1));
}

/** 1 for suffixes that cost little and are much used for spam, -1 for those that are hard to get, else 0. */
export function suffixKind(host: string): -1 | 0 | 1 {
  const suffix = host.slice(host.lastIndexOf(".") + 1);
  if (wildSuffixes.has(suffix)) return 1;
  return soundSuffixes.has(suffix) || host.includes(".ac.") || host.includes(".gov.") || host.includes(".edu.")
    ? -1
    : 0;
}
