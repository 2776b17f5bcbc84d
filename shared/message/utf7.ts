// UTF-7 (RFC 2152) and its form for mailbox names (RFC 3501, 5.1.3). Nobody should send it, and some readers show it.

/** Text of these bytes. `mailbox`: "&" begins a run of base64, which has "," for "/". Time grows with the length only. */
export function decodeUtf7(bytes: Buffer, mailbox = false): string {
  const source = bytes.toString("latin1");
  const shift = mailbox ? "&" : "+";
  const pieces: string[] = [];
  let from = 0;
  for (let at = source.indexOf(shift); at !== -1; at = source.indexOf(shift, from)) {
    pieces.push(source.slice(from, at));
    let end = at + 1;
    while (isDigit(source.charCodeAt(end), mailbox)) end++;
    const run = source.slice(at + 1, end);
    const closed = source.charCodeAt(end) === 45;
    if (run === "") pieces.push(closed ? shift : "");
    else pieces.push(wide(mailbox ? run.replaceAll(",", "/") : run));
    from = closed ? end + 1 : end;
  }
  pieces.push(source.slice(from));
  return pieces.join("");
}

/** UTF-16 in base64; bits that make no whole character are padding. */
function wide(run: string): string {
  const bytes = Buffer.from(run, "base64");
  return Buffer.from(bytes.subarray(0, bytes.length & ~1))
    .swap16()
    .toString("utf16le");
}

function isDigit(code: number, mailbox: boolean): boolean {
  if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 43)
    return true;
  return code === (mailbox ? 44 : 47);
}
