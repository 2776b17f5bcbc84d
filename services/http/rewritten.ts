// The rewritten message that follows the verdict when the client asks for it (R 1.3: Flags body_block, Message-Offset).

import { asBuffer } from "../../shared/as-buffer.ts";
import { splitHeaders } from "../../shared/message/header.ts";
import { defaultLimits } from "../../shared/message/limits.ts";
import type { ScanRequest } from "../../shared/scan.ts";
import type { Verdict } from "../../shared/verdict.ts";
import { type Flags, hasFlag } from "./flags.ts";

const crlf = Buffer.from("\r\n");
const lf = Buffer.from("\n");

/**
 * Bytes to send behind the verdict, or undefined when there are none: the whole message with its new body, or the body
 * alone for a client that puts headers and body together itself (flag milter). Headers are those that came; changes of
 * headers stand in the verdict.
 */
export function rewrittenMessage(
  request: ScanRequest,
  { changes }: Verdict,
  flags: Flags,
): Uint8Array<ArrayBufferLike> | undefined {
  const { body } = changes;
  if (body === undefined || !hasFlag(flags, "body_block")) return undefined;
  // A message without headers is all body.
  if (hasFlag(flags, "milter") || request.plain === true) return body;
  const { raw } = request.facts;
  const source = asBuffer(raw).toString("latin1");
  const { end } = splitHeaders(source, 0, source.length, defaultLimits, 0, () => {});
  const firstLine = source.indexOf("\n");
  const hasCrlf = firstLine < 0 || source[firstLine - 1] === "\r";
  const lineEnd = hasCrlf ? crlf : lf;
  const head = source.slice(0, end);
  // The analysis reads a body that follows without an empty line; other readers do not.
  const isSeparated = head === "" || /\n\r?\n$/.test(head.slice(-3)) || /^\r?\n$/.test(head);
  const unended = head.endsWith("\n") ? [lineEnd] : [lineEnd, lineEnd];
  const written = hasCrlf ? body : Buffer.from(Buffer.from(body).toString("latin1").replaceAll("\r\n", "\n"), "latin1");
  return Buffer.concat([raw.subarray(0, end), ...(isSeparated ? [] : unended), written]);
}
