// The pictures of a message in which codes are looked for, the small ones first, as far as the limits go.

import { asBuffer } from "../../../shared/as-buffer.ts";
import type { SectionValue } from "../../../shared/config/schema.ts";
import { detectType } from "../../../shared/message/file-type.ts";
import type { Attachment } from "../../../shared/task.ts";
import type { ReadDocuments } from "../documents.ts";
import type { PdfImage } from "../pdf-image.ts";
import type { qrConfig } from "./config.ts";
import { isPicture, type PictureFormat, sizeOfPicture } from "./picture-size.ts";

/** A picture as the thread decodes it. */
export type Picture =
  | { readonly kind: "file"; readonly format: PictureFormat; readonly bytes: Uint8Array }
  | { readonly kind: "pdf"; readonly image: PdfImage };

export interface FoundPicture {
  readonly part: number;
  /** Whether it lies in a PDF file or an Office document. */
  readonly inDocument: boolean;
  /** Pixels, weighed by how much work they are. */
  readonly cost: number;
  readonly picture: Picture;
}

export type PictureLimit = "images" | "pixels" | "bytes" | "time";

export interface Chosen {
  readonly pictures: readonly FoundPicture[];
  readonly reached: Set<PictureLimit>;
}

type Settings = SectionValue<typeof qrConfig.qr>;

/** A code has 21 modules a side (ISO/IEC 18004, 5.3.1). */
const leastSide = 21;

function ofFile(part: number, detected: string, content: Uint8Array, inDocument: boolean): FoundPicture | null {
  if (!isPicture(detected)) return null;
  const size = sizeOfPicture(detected, asBuffer(content));
  if (size === null || size.width < leastSide || size.height < leastSide) return null;
  return { part, inDocument, cost: size.cost, picture: { kind: "file", format: size.format, bytes: content } };
}

function ofPdf(part: number, image: PdfImage): FoundPicture | null {
  const { width, height, bits, filters, content } = image;
  if (width < leastSide || height < leastSide || content.length === 0) return null;
  if (filters[0] !== "jpeg") {
    return { part, inDocument: true, cost: width * height * (bits === 16 ? 2 : 1), picture: { kind: "pdf", image } };
  }
  // What the file says of it does not bind a decoder.
  const size = sizeOfPicture("image/jpeg", asBuffer(content));
  if (size === null) return null;
  return { part, inDocument: true, cost: size.cost, picture: { kind: "file", format: "jpeg", bytes: content } };
}

function bytesOf({ picture }: FoundPicture): number {
  return picture.kind === "file" ? picture.bytes.length : picture.image.content.length;
}

/** Chooses what is looked at. What is too much is left out, and the limit is named. */
export function choosePictures(
  attachments: readonly Attachment[],
  { office, pdf }: Pick<ReadDocuments, "office" | "pdf">,
  settings: Settings,
): Chosen {
  const found = [
    ...attachments.map(({ part, detected, content }) => ofFile(part, detected, content, false)),
    ...office.flatMap(({ part, found: { pictures } }) =>
      pictures.map((content) => ofFile(part, detectType(content), content, true)),
    ),
    ...pdf.flatMap(({ part, found: { images } }) => images.map((image) => ofPdf(part, image))),
  ].filter((picture) => picture !== null);
  const reached = new Set<PictureLimit>();
  const pictures: FoundPicture[] = [];
  let pixels = settings.all_pixels;
  let bytes = settings.bytes;
  for (const picture of found.sort((one, other) => one.cost - other.cost)) {
    if (picture.cost > settings.pixels || picture.cost > pixels) reached.add("pixels");
    else if (bytesOf(picture) > bytes) reached.add("bytes");
    else if (pictures.length >= settings.images) reached.add("images");
    else {
      pixels -= picture.cost;
      bytes -= bytesOf(picture);
      pictures.push(picture);
    }
  }
  return { pictures, reached };
}
