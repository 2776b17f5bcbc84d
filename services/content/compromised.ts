// Marks of web hosts whose scripts or accounts send mail: what PHP, cPanel and Sendmail write of the sender, and names
// of accounts that are not people.

import { type Context, defineCheck } from "../../shared/check.ts";
import { first } from "../../shared/message/header.ts";
import type { Mailbox, Part } from "../../shared/task.ts";
import { type HeaderRules, matches, rulesByHeader, symbolsOf } from "./header-rules.ts";

/** PHP notes "uid:script" with mail.add_x_header; cPanel notes "host/path/script for client". */
const scripts = ["x-php-originating-script", "x-php-script"];

const headerRules = {
  HAS_X_POS: { score: 0, about: "PHP noted the script that sent it.", header: "x-php-originating-script" },
  HAS_X_PHP_SCRIPT: { score: 0, about: "A web host noted the script that sent it.", header: "x-php-script" },
  HAS_X_SOURCE: {
    score: 0,
    about: "A web host noted the process that sent it.",
    header: ["x-source", "x-source-args", "x-source-dir"],
  },
  HAS_X_AS: { score: 0, about: "A web host noted the account that sent it.", header: "x-authenticated-sender" },
  HAS_X_GMSV: {
    score: 0,
    about: "A web host noted how it knows the sender.",
    header: "x-get-message-sender-via",
  },
  HAS_X_ANTIABUSE: { score: 0, about: "A web host asks to be told of abuse.", header: "x-antiabuse" },
  HAS_XAW: { score: 0, about: "Sendmail warns of the sender.", header: "x-authentication-warning" },
  XAW_SERVICE_ACCT: {
    score: 1,
    about: "Sendmail warns that an account of a service has set the sender.",
    header: "x-authentication-warning",
    pattern: /\b(?:www-data|www-run|wwwrun|apache|nobody|nginx|httpd|anonymous|guest|ftp|web|www) set sender to\b/i,
  },
  X_PHP_FORGED_0X: {
    score: 4,
    group: "headers",
    about: "The script's user id has a leading zero, which PHP does not write.",
    header: "x-php-originating-script",
    pattern: /^0\d/,
  },
  X_PHPOS_FAKE: {
    score: 3,
    group: "headers",
    about: "The script's user id has seven digits.",
    header: "x-php-originating-script",
    pattern: /^\d{7}:/,
  },
  X_PHP_EVAL: {
    score: 4,
    about: "The script is code that was built at run time.",
    header: scripts,
    pattern: /\beval\(\)'d code/,
  },
  PHP_SCRIPT_ROOT: {
    score: 1,
    about: "The script ran as root.",
    header: "x-php-originating-script",
    pattern: /^0:/,
  },
  PHP_XPS_PATTERN: {
    score: 0,
    about: "The script is called sendmail.php and lies at the top of a site.",
    header: "x-php-script",
    pattern: /^[^\s/]{1,255}\/sendmail\.php\b/i,
  },
  HIDDEN_SOURCE_OBJ: {
    score: 2,
    about: "The script or its folder is hidden: its name starts with a dot.",
    header: [...scripts, "x-source-args", "x-source-dir"],
    pattern: /\/\.[^./\s]/,
  },
} as const satisfies HeaderRules;

const symbols = {
  ...symbolsOf(headerRules),
  ENVFROM_SERVICE_ACCT: { score: 1, about: "The envelope sender is an account of a service, such as www-data." },
  FROM_SERVICE_ACCT: { score: 1, about: "The author is an account of a service, such as www-data." },
  WWW_DOT_DOMAIN: { score: 0.5, about: "The host of a sender's address is called www." },
  HAS_PHPMAILER_SIG: { score: 0, about: "X-Mailer, or Message-ID and boundary, are those of PHPMailer." },
} as const;
type Ctx = Context<keyof typeof symbols, never, unknown>;

const byHeader = rulesByHeader(headerRules);

const serviceAccounts = new Set(
  "www-data www-run wwwrun apache apache2 httpd nginx nobody anonymous guest ftp web www daemon".split(" "),
);

function checkAccounts(boxes: readonly (Mailbox | undefined)[], sender: string, ctx: Ctx): void {
  const at = sender.lastIndexOf("@");
  if (at > 0 && serviceAccounts.has(sender.slice(0, at))) ctx.hit("ENVFROM_SERVICE_ACCT");
  let account = false;
  let www = at > 0 && sender.startsWith("www.", at + 1);
  for (const box of boxes) {
    if (box === undefined) continue;
    account ||= serviceAccounts.has(box.user.toLowerCase());
    www ||= box.host.startsWith("www.");
  }
  if (account) ctx.hit("FROM_SERVICE_ACCT");
  if (www) ctx.hit("WWW_DOT_DOMAIN");
}

/** PHPMailer: 32 hex digits before the "@", and "b1_", "b2_", "b3_" before them in its boundaries. */
function isPhpMailer(id: string, parts: readonly Part[]): boolean {
  const at = id.indexOf("@");
  if (at < 32 || at > 43 || !/^[0-9a-z]+@/i.test(id)) return false;
  const boundary = parts[0]?.params.boundary;
  return boundary === undefined ? /^[0-9a-f]{32}@/.test(id) : /^b[123]_?[0-9A-Za-z=_]{20,}$/.test(boundary);
}

export const compromised = defineCheck({
  name: "CHECK_COMPROMISED",
  about: "Looks for marks of web hosts whose scripts send mail.",
  stage: "filter",
  group: "compromised_hosts",
  reads: ["headers", "structure"],
  symbols,
  run(task, ctx) {
    const { envelope, headers, structure } = task;
    for (const field of headers.fields) {
      if (!field.key.startsWith("x-")) continue;
      for (const [symbol, rule] of byHeader.get(field.key) ?? []) if (matches(field, rule)) ctx.hit(symbol);
    }
    const from = envelope.from ?? first(headers, "return-path")?.value.replace(/^<|>$/g, "") ?? "";
    checkAccounts([headers.from[0], headers.sender[0], headers.replyTo[0]], from.toLowerCase(), ctx);
    const mailer = first(headers, "x-mailer")?.value ?? "";
    if (mailer.startsWith("PHPMailer ") || isPhpMailer(headers.messageId ?? "", structure.parts)) {
      ctx.hit("HAS_PHPMAILER_SIG");
    }
  },
});
