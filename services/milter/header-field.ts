// Names of header fields that the mail server is asked to add.

/** RFC 5322, 2.2: printable ASCII but the colon. */
const headerName = /^[!-9;-~]{1,255}$/;

export function isHeaderName(name: string): boolean {
  return headerName.test(name);
}
