// What can be done to a signed message and to the key of its signature, and what has to come of it.

export interface Mutation {
  readonly name: string;
  /** Header field of the signature (without line end), rest of the message, text of the key's record. */
  change(signature: string, rest: string, record: string): readonly [signature: string, rest: string, record: string];
}

function onSignature(name: string, change: (signature: string) => string): Mutation {
  return { name, change: (signature, rest, record) => [change(signature), rest, record] };
}

function onRest(name: string, change: (rest: string) => string): Mutation {
  return { name, change: (signature, rest, record) => [signature, change(rest), record] };
}

function onRecord(name: string, change: (record: string) => string): Mutation {
  return { name, change: (signature, rest, record) => [signature, rest, change(record)] };
}

export const mutations: readonly Mutation[] = [
  onSignature("untouched", (text) => text),
  onSignature("a tag twice", (text) => `${text}; d=example.org`),
  onSignature("no version", (text) => text.replace("v=1;", "")),
  onSignature("another version", (text) => text.replace("v=1;", "v=2;")),
  onSignature("a tag more", (text) => text.replace("v=1;", "v=1; zz=1;")),
  onSignature("no domain", (text) => text.replace(/d=example\.org;/, "")),
  onSignature("an empty domain", (text) => text.replace(/d=example\.org;/, "d=;")),
  onSignature("no selector", (text) => text.replace(/s=\w+;/, "")),
  onSignature("another domain", (text) => text.replace("d=example.org", "d=example.com")),
  onSignature("no h=", (text) => text.replace(/h=[^;]*;/, "")),
  onSignature("no bh=", (text) => text.replace(/bh=[^;]*;/, "")),
  onSignature("a parent as domain", (text) => text.replace("d=example.org", "d=org")),
  onSignature("From left out of h=", (text) => text.replace(/h=[^;]*;/, "h=subject;")),
  onSignature("an unknown algorithm", (text) => text.replace(/a=[a-z0-9-]+/, "a=rsa-md5")),
  onSignature("rsa-sha1", (text) => text.replace(/a=[a-z0-9-]+/, "a=rsa-sha1")),
  onSignature("unknown forms", (text) => text.replace(/c=[a-z/]+/, "c=strict/strict")),
  onSignature("a character of b= changed", (text) => text.replace(/b=(\s*)(.)/, "b=$1!")),
  onSignature("an empty b=", (text) => text.replace(/([;\s])b=[\s\S]*$/, "$1b=")),
  onSignature("b= in the middle of a name", (text) => text.replace(/([;\s])b=/, "$1xb=1; b=")),
  onSignature("expired", (text) => text.replace(/x=\d+/, "x=1000000000")),
  onSignature("made tomorrow", (text) => text.replace(/t=\d+/, "t=9999999999")),
  onSignature("i= elsewhere", (text) => text.replace(/i=[^;]*;/, "i=a@example.com;")),
  onSignature("in upper case", (text) => text.replace("DKIM-Signature", "DKIM-SIGNATURE")),
  onSignature("another query", (text) => text.replace("v=1;", "v=1; q=http;")),
  onSignature("a semicolon too many", (text) => `${text};`),
  onSignature("an empty tag", (text) => text.replace("v=1;", "v=1;;")),
  onRest("a byte more", (rest) => `${rest}!`),
  onRest("empty lines more", (rest) => `${rest}\r\n\r\n\r\n`),
  onRest("a blank at the end of each line", (rest) => {
    const end = rest.indexOf("\r\n\r\n") + 4;
    return rest.slice(0, end) + rest.slice(end).replaceAll("\r\n", " \r\n");
  }),
  onRest("bare LF", (rest) => rest.replaceAll("\r\n", "\n")),
  onRest("another From on top", (rest) => `From: Z <z@example.com>\r\n${rest}`),
  onRest("another From below", (rest) => rest.replace("\r\n\r\n", "\r\nFrom: Z <z@example.com>\r\n\r\n")),
  onRest("names in upper case", (rest) => rest.replace(/^From:/m, "FROM:")),
  onRest("a field folded anew", (rest) => rest.replace("From: A <", "From: A\r\n <")),
  onRest("another subject", (rest) => rest.replace(/^Subject:/m, "Subject: Re:")),
  onRest("a field on top that is not signed", (rest) => `X-Spam: no\r\n${rest}`),
  onRecord("no version in the key", (record) => record.replace("v=DKIM1; ", "")),
  onRecord("another version in the key", (record) => record.replace("DKIM1", "DKIM2")),
  onRecord("a revoked key", (record) => record.replace(/p=.*/, "p=")),
  onRecord("a key without p=", (record) => record.replace(/p=.*/, "")),
  onRecord("a key that is no base64", (record) => record.replace(/p=.*/, "p=!!!!")),
  onRecord("a key cut off", (record) => record.slice(0, -30)),
  onRecord("a key for sha1", (record) => record.replace("v=DKIM1;", "v=DKIM1; h=sha1;")),
  onRecord("a key for sha1 and sha256", (record) => record.replace("v=DKIM1;", "v=DKIM1; h=sha1:sha256;")),
  onRecord("a key for something else", (record) => record.replace("v=DKIM1;", "v=DKIM1; s=tlsrpt;")),
  onRecord("a key for mail", (record) => record.replace("v=DKIM1;", "v=DKIM1; s=email;")),
  onRecord("a key for d= alone", (record) => record.replace("v=DKIM1;", "v=DKIM1; t=s;")),
  onRecord("a key for tests", (record) => record.replace("v=DKIM1;", "v=DKIM1; t=y;")),
  onRecord("a key of another type", (record) => record.replace(/k=\w+/, "k=dsa")),
  onRecord("a key with p= twice", (record) => `${record}; ${/p=.*/.exec(record)?.[0]}`),
  onRecord("a key with blanks", (record) => record.replace(/p=(.{10})/, "p= $1 ")),
];
