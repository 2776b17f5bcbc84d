// What inputs from hell are made of: pieces of mail, HTML, addresses, that parsers stumble over.

export const charsets = [
  "utf-8", "utf-7", "utf-16", "utf-16le", "utf-32", "iso-2022-jp", "iso-2022-kr", "gb18030", "big5", "shift_jis",
  "hz-gb-2312", "x-user-defined", "x-none", "us-ascii", "windows-1252", "koi8-r", "utf-7-imap", "cp437", "__proto__", "",
]; // biome-ignore format: a list

export const encodings = [
  "7bit", "8bit", "binary", "base64", "quoted-printable", "x-uuencode", "BASE64 (x)", '"base64"', "x-base64", "rot13",
  "base64\0", "quoted-printable;", "",
]; // biome-ignore format: a list

export const types = [
  "text/plain", "text/html", "multipart/mixed", "multipart/alternative", "multipart/digest", "multipart/related",
  "message/rfc822", "message/partial", "message/delivery-status", "application/octet-stream", "application/zip",
  "image/png", "text", "html", "a/b/c", "TEXT/HTML", "multipart/mixed(", "text/plain\0", "",
]; // biome-ignore format: a list

/** Header fields that ask for trouble. */
export const fields = [
  "Content-Type: multipart/mixed; boundary=b",
  "Content-Type: multipart/mixed; boundary=b; boundary=c",
  "Content-Type: multipart/mixed; boundary*0=b; boundary*1=c; boundary=d",
  'Content-Type: multipart/mixed; boundary="b ',
  'Content-Type: multipart/mixed; boundary="b\\"c"; boundary=(x)b',
  "Content-Type: multipart/mixed; boundary=",
  "Content-Type: text/html; charset=utf-7; charset*=utf-16''utf-8",
  "Content-Type: message/rfc822",
  "Content-Transfer-Encoding: base64",
  "Content-Transfer-Encoding: quoted-printable",
  "Content-Transfer-Encoding: x-uuencode",
  "Content-Disposition: attachment; filename*0*=utf-8''a%00; filename*1=.exe; filename=a.pdf",
  "Content-Disposition: inline; filename=\"a.pdf\0.exe\"",
  "Content-ID: <<<>>>",
  "MIME-Version: 1.0 (((",
  "MIME-Version: 2.0",
  "Subject: =?utf-8?b?4pyT?= =?utf-8?q?=E2=9C?= =?utf-8?q?=93?= =?x?y?z?= =?utf-8?b?",
  "From: \"a\\\" <a@b> (((, <c@d>, e:f;, <@x,@y:z@w>",
  "To: undisclosed-recipients:;, a@[1.2.3.4], b@[IPv6:::1], \"@\"@@",
  "Received: from a (b [1.2.3.4] (c (d by e with ESMTPSA id f for <g>; Tue, 2 Jan 2024 03:04:05 +9999",
  "Date: Thu, 99 Foo 99999 99:99:99 +99999",
  "Message-ID: <<a@b>@c>",
  "List-Unsubscribe: <http://a.test/?>, <mailto:x@y?subject=z>",
  "DKIM-Signature: v=1; a=rsa-sha256; b=; bh=; d=example.org",
  "X: \xff\xfe\x80",
  "\0: x",
  " folded",
  "no field",
]; // biome-ignore format: a list

/** Pieces that are repeated a thousand times. */
export const pieces = [
  "(", ")", "<", ">", '"', "\\", ",", ";", ":", "@", "=", "=?", "?=", "=?utf-8?q?", "=?utf-8?b?QQ==?= ", "a@b.c, ", "<a@", "[", "]",
  "\r", "\n", "\r\n", "\r\n ", "\0", " ", "\t", "--", "--b\r\n", "--b--\r\n", "--b \r\n", "\r\n\r\n", "=\r\n", "=3D", "=zz", "QUJD", "====",
  "x*0=a; ", "name=a; ", "filename*1*=%41; ", "charset=utf-8; ", "begin 644 a\r\n", "M\r\n", "`\r\nend\r\n", "From ", "a: b\r\n", "a:\r\n ",
  "Content-Type: text/html\r\n", "Received: from a by b; x\r\n",
  "<a ", "<a href=", "<b>", "</b>", "<p", "<!--", "-->", "--!>", "<style>", "</style", "a{b:c}", "*{", "}", "/*", "*/", "@media all{", "@x{", "style='", "<div style=\"", ":",
  "display:none;", "rgb(", "url(", "&", "&amp;", "&#", "&#x41;", "&CounterClockwiseContourIntegral", "<table><tr><td>", "</td>", "<script>", "</script", "<textarea>", "<base href=x>",
  "<img src=cid:", "<form action=", "<svg><", "<![CDATA[", "<?", "</", "<font size=1 color=#fff>", "<meta http-equiv=refresh content='0;url=",
  "http://", "http://a.", "a.b", "www.", ".", "..", "a@b.", "://", "http://a@", "//", "[.]", "(dot)", "%41", "xn--", "\xe3\x80\x82", "\xd0\xb0", "1.2.3.4", "http:\\\\", "?", "#", "mailto:",
  "\x1b$B", "\x1b(B", "+AGE-", "+", "\xff\xfe", "\xef\xbb\xbf", "\x80", "\xff", "a", "A=1&", "PK\x03\x04", "PK\x05\x06", "%PDF-1.", "\xd0\xcf\x11\xe0",
]; // biome-ignore format: a list

/** The same for configuration: UCL, expressions, patterns. */
export const clauses = [
  "{", "}", "[", "]", "(", ")", "=", ":", ";", ",", '"', "'", "\\", "\n", "#", "/*", "*/", "<<EOD\n", "EOD\n", "$A", "$\x7bA}", ".include \"x\"\n",
  ".include(try=true,glob=true) \"*\"\n", ".macro ", "{% if a %}", "{% for x in y %}", "{% end", "{{ a }}", "a = 1;", "a { ", "actions { reject = ", "1kb", "10min", "0x", "1e9", "-", "+", "true", "null", "\\u0000",
  "milter", "http", "composites { A { expression = \"B & C\" } }", " & ", " | ", " and ", " or ", " not ", "!", "A", "~B", "-C", "^D", "g:x", "A[", "/x/i]", " > 2", "+ 1",
  "(a+)+", "(a|a)*", "a{1,1000}", "[^x]*", ".*", "\\b", "(?=a)", "\\1", "(?<n>", "[a-", "\\p{L}", "|", "*", "?", "{9999}", "^", "$", "\xe4",
]; // biome-ignore format: a list

/** What readers of documents look for. */
export const documentPieces = [
  "1 0 obj\n",
  "<< /Type /ObjStm /Filter /FlateDecode /Length 9 >>\n",
  "<< /Subtype /Image /Width 99 /Height 99 /BitsPerComponent 1 /Filter [/A85 /Fl] >>\n",
  "stream\r\n",
  "endstream\nendobj\n",
  "/JavaScript ",
  "/J#53 ",
  "/#55#52I (http://a.example/\\(\\1) ",
  "/URI <68747470> ",
  "/Launch (cmd /c x)",
  "trailer\n",
  "startxref",
  "{\\*\\template http://a.example/}",
  "{\\object\\objdata 0105000002000000",
  "\\fldinst DDEAUTO ",
  "\\objupdate",
  "PK\x03\x04",
  "PK\x01\x02",
  "PK\x05\x06",
  "\xff\xd8\xff\xc0\x00\x0b\x08",
  "\0\0\0\rIHDR",
  "\0\0\0\x04IDAT",
];
