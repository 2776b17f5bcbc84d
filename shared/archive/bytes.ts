// Numbers from bytes that come from a sender. What lies beyond the end reads as 0, so no offset is an error.

export function le16(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 256;
}

export function le32(bytes: Uint8Array, at: number): number {
  return le16(bytes, at) + le16(bytes, at + 2) * 65536;
}

/** Above 2^53 the last digits are lost: no such length fits into a message. */
export function le64(bytes: Uint8Array, at: number): number {
  return le32(bytes, at) + le32(bytes, at + 4) * 4294967296;
}

export function be16(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
}

/** Whether `magic`, one char a byte, stands at `at`. */
export function standsAt(bytes: Uint8Array, at: number, magic: string): boolean {
  for (let i = 0; i < magic.length; i++) if (bytes[at + i] !== magic.charCodeAt(i)) return false;
  return true;
}
