// Inputs that break a limit each, always the same.

const encoded = (text: string) => Buffer.from(text, "latin1").toString("base64");

function nested(depth: number, head: string): string {
  return `${`${head}\r\n\r\n`.repeat(depth)}Subject: innermost\r\n\r\ntext`;
}

function multiparts(depth: number): string {
  let mail = "";
  for (let at = 0; at < depth; at++) {
    mail += `Content-Type: multipart/mixed; boundary=b${at}\r\n\r\n--b${at}\r\n`;
  }
  return `${mail}\r\ntext`;
}

/** By name: mails as text, one char a byte. */
export const extremes: Readonly<Record<string, () => string>> = {
  nothing: () => "",
  "10,000 parts": () =>
    `Content-Type: multipart/mixed; boundary=b\r\n\r\n${"--b\r\n\r\nx\r\n".repeat(10_000)}--b--\r\n`,
  "10,000 parts in doubt": () =>
    `Content-Type: multipart/mixed; boundary=b\r\n\r\n${"--b\r\nContent-Type: text/plain\r\nContent-Type: text/html\r\n\r\n<b>x\r\n".repeat(10_000)}`,
  "header of 1 MB": () => `Subject: ${"word ".repeat(200_000)}\r\n\r\nx`,
  "header of 1 MB in folds": () => `Subject:${"\r\n word".repeat(150_000)}\r\n\r\nx`,
  "100,000 headers": () => `${"X-A: b\r\n".repeat(100_000)}\r\nx`,
  "addresses of 1 MB": () => `To: ${"a@b.test, ".repeat(100_000)}\r\n\r\nx`,
  "encoded words of 1 MB": () => `Subject: ${"=?utf-8?q?=C3=A4?= ".repeat(55_000)}\r\n\r\nx`,
  "parameters of 1 MB": () => `Content-Type: text/plain; ${"name*0*=utf-8''a%41; ".repeat(50_000)}\r\n\r\nx`,
  "comments within comments": () => `From: ${"(".repeat(500_000)}${")".repeat(500_000)} a@b.test\r\n\r\nx`,
  "messages 1,000 deep": () => nested(1000, "Content-Type: message/rfc822"),
  "encoded messages 12 deep": () => {
    let mail = "Subject: innermost\r\n\r\ntext";
    for (let at = 0; at < 12; at++) {
      mail = `Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n${encoded(mail)}`;
    }
    return mail;
  },
  "multiparts 1,000 deep": () => multiparts(1000),
  "multiparts in doubt 1,000 deep": () =>
    nested(1000, "Content-Type: multipart/mixed; boundary=b; boundary=c\r\n\r\n--b"),
  "one line of 2 MB": () => `\r\n${"x".repeat(2_000_000)}`,
  "NUL for 1 MB": () => `Subject: x\r\n\r\n${"\0".repeat(1_000_000)}`,
  "CR for 1 MB": () => `Subject: x\r\n\r\n${"\r".repeat(1_000_000)}`,
  "8-bit everywhere": () => "\x80\xff\xfe\x8d\xe9:\xfc\r\n".repeat(50_000),
  "base64 of padding": () => `Content-Transfer-Encoding: base64\r\n\r\n${"QQ==".repeat(250_000)}`,
  "quoted-printable of nothing": () => `Content-Transfer-Encoding: quoted-printable\r\n\r\n${"=\r\n".repeat(300_000)}`,
  "100,000 tags": () => `Content-Type: text/html\r\n\r\n${"<div style='color:red'>x".repeat(50_000)}`,
  "100,000 links": () =>
    `Content-Type: text/html\r\n\r\n${Array.from({ length: 20_000 }, (_, at) => `<a href="http://h${at}.test/">x</a>`).join("")}`,
  "an attribute of 1 MB": () =>
    `Content-Type: text/html\r\n\r\n<a href="http://a.test/${"&amp;x".repeat(200_000)}">x</a>`,
  "addresses without end": () => `\r\n${"a.".repeat(300_000)}@${"b.".repeat(300_000)}`,
  "a charset that is none": () => `Content-Type: text/plain; charset=utf-16\r\n\r\n${"\xd8\x00".repeat(300_000)}`,
  "a charset with states": () => `Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n${"\x1b$B!!".repeat(150_000)}`,
  "a zip that is none": () => `Content-Type: application/zip\r\n\r\n${"PK\x03\x04".repeat(250_000)}`,
  "uuencode without end": () => `\r\n${"begin 644 a\r\n".repeat(70_000)}`,
};
