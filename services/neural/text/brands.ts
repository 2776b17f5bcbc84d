// Names that phishing borrows, and whether a host is theirs.

import { suffixKind } from "./hosts.ts";

/** Each with what stands in the domains of its own mail. */
const brands: readonly (readonly [RegExp, RegExp])[] = [
  [/\bpay ?pa[l1]\b/i, /paypal/],
  [/\be ?bay\b/i, /ebay/],
  [/\bamazon\b/i, /amazon|a2z\.com$/],
  [/\b(?:apple|icloud|itunes)\b/i, /apple|icloud|itunes/],
  [
    /\b(?:microsoft|office ?365|outlook|onedrive|sharepoint|windows|msn)\b/i,
    /microsoft|office|outlook|live\.|msn|hotmail|sharepoint/,
  ],
  [/\b(?:google|gmail|youtube)\b/i, /google|gmail|youtube/],
  [/\bfacebook\b/i, /facebook/],
  [/\blinked ?in\b/i, /linkedin/],
  [
    /\b(?:twitter|instagram|whatsapp|tiktok|snapchat)\b/i,
    /twitter|instagram|whatsapp|tiktok|snapchat|facebook|^x\.com$/,
  ],
  [/\bnetflix\b/i, /netflix/],
  [/\bspotify\b/i, /spotify/],
  [/\bdropbox\b/i, /dropbox/],
  [/\bdocu ?sign\b/i, /docusign/],
  [/\badobe\b/i, /adobe/],
  [/\b(?:norton|mcafee|geek squad|best buy)\b/i, /norton|mcafee|geeksquad|bestbuy|lifelock/],
  [/\bdhl\b/i, /dhl/],
  [/\bfed ?ex\b/i, /fedex/],
  [/\b(?:ups|united parcel)\b/i, /(?:^|\.)ups\.|ups/],
  [
    /\b(?:usps|royal mail|postal service|la poste|deutsche post|canada post)\b/i,
    /usps|royalmail|laposte|deutschepost|canadapost/,
  ],
  [/\b(?:chase|jp ?morgan)\b/i, /chase|jpmorgan/],
  [/\bwells fargo\b/i, /wellsfargo/],
  [/\bbank of america\b/i, /bankofamerica|bofa/],
  [/\b(?:citi ?bank|citi)\b/i, /citi/],
  [/\b(?:hsbc|barclays|lloyds|natwest|santander|halifax|rbs)\b/i, /hsbc|barclays|lloyds|natwest|santander|halifax|rbs/],
  [/\b(?:american express|amex)\b/i, /americanexpress|aexp/],
  [
    /\b(?:capital one|us bank|regions|suntrust|wachovia|pnc|td bank|usaa|navy federal)\b/i,
    /capitalone|usbank|regions|suntrust|wachovia|pnc|td|usaa|navyfederal/,
  ],
  [/\b(?:visa|master ?card)\b/i, /visa|mastercard/],
  [/\b(?:irs|internal revenue|hmrc)\b/i, /irs\.gov|hmrc|\.gov/],
  [
    /\b(?:coinbase|binance|blockchain|metamask|trust ?wallet|ledger|kraken)\b/i,
    /coinbase|binance|blockchain|metamask|trustwallet|ledger|kraken/,
  ],
  [
    /\b(?:walmart|costco|cvs|walgreens|home depot|lowe'?s|target|kohl'?s|sam'?s club|ace hardware|harbor freight|starbucks|temu|shein)\b/i,
    /walmart|costco|cvs|walgreens|homedepot|lowes|target|kohls|samsclub|acehardware|harborfreight|starbucks|temu|shein/,
  ],
  [
    /\b(?:t-?mobile|verizon|at ?& ?t|comcast|xfinity|vodafone|orange|o2)\b/i,
    /t-?mobile|verizon|att|comcast|xfinity|vodafone|orange|o2/,
  ],
  [/\b(?:cnn|msnbc)\b/i, /cnn|msnbc|turner/],
  [
    /\b(?:sparkasse|volksbank|postbank|commerzbank|credit agricole|bnp|poste italiane|bradesco|itau|banco do brasil)\b/i,
    /sparkasse|volksbank|vr-|postbank|commerzbank|credit-?agricole|bnp|poste|bradesco|itau|bb\.com/,
  ],
];

/** Names with dashes that are their own. */
const dashed = /^(?:t-mobile|credit-agricole|sparkasse-|volksbank-|vr-)/;
/** What those add to a known name who want a password. */
const lures =
  /secur|verif|log-?in|sign-?in|account|support|update|alert|confirm|recover|wallet|client|cliente|kunde|redeliver|refund|track|parcel|notice|helpdesk|billing|unlock|unpaid/;

/** Whether a domain with a known name in it has more in it, as those have who imitate it. */
function isImitation(domain: string): boolean {
  const label = domain.slice(0, Math.max(0, domain.indexOf(".")));
  return suffixKind(domain) > 0 || lures.test(label) || (label.includes("-") && !dashed.test(label));
}

/** Whether `text` speaks in the name of somebody whose host `domain` is (1), is not (-1), or of nobody known (0). */
export function brandOf(text: string, domain: string): -1 | 0 | 1 {
  let answer: -1 | 0 | 1 = 0;
  for (const [name, host] of brands) {
    if (!name.test(text)) continue;
    if (host.test(domain) && !isImitation(domain)) return 1;
    answer = -1;
  }
  return answer;
}
