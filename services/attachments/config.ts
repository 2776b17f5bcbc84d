// The sections `archives`, `documents`, `office` and `pdf`: how far files are opened.

import { defaultArchiveLimits as limits } from "../../shared/archive/limits.ts";
import { bytes, integer, list, number, openSection, section, text } from "../../shared/config/schema.ts";

/** What people are made to open: words of a subject or file name, in the languages that most such mail is in. */
const clickbait = (
  "invoice payment receipt statement order purchase quotation quote rfq shipment shipping delivery tracking awb dhl " +
  "fedex ups parcel document scan contract remittance swift bank transfer tax refund bill salary resume cv photo " +
  "rechnung mahnung bestellung zahlung lieferung angebot bewerbung factura pago pedido facture paiement commande " +
  "fattura ordine pagamento faktura zamowienie"
).split(" ");

/** Beside `mime_types.bad_extensions`: harmless in a mail, where it is shown, and a trick in an archive. */
const extensions = { html: 1, htm: 1, shtml: 2, svg: 1, iqy: 4, slk: 4, library_ms: 4, one: 2, wim: 2 };

const factor = (fallback: number) => number(fallback, "Factor; 0 is harmless.", { min: 0, max: 8 });
const weights = Object.fromEntries(
  Object.entries(extensions).map(([name, weight]) => [name.replace("_", "-"), factor(weight)]),
);

export const archivesConfig = {
  archives: section("How far archives are unpacked, all of a message together, and what counts in them.", {
    entries: integer(limits.entries, "Entries that are listed.", { min: 1, max: 100_000 }),
    contents: integer(limits.contents, "Entries whose content is looked at.", { min: 0, max: 100_000 }),
    depth: integer(limits.depth, "Archives within each other.", { min: 1, max: 16 }),
    unpacked_bytes: bytes(limits.unpackedBytes, "Bytes that are unpacked.", { min: 0, max: 1024 ** 3 }),
    entry_bytes: bytes(limits.entryBytes, "Bytes that are unpacked of one entry.", { min: 0, max: 1024 ** 3 }),
    lzma_bytes: bytes(limits.lzmaBytes, "Bytes that are unpacked of 7z, other LZMA and bzip2.", {
      min: 0,
      max: 1024 ** 3,
    }),
    ratio: integer(limits.ratio, "Bytes unpacked for each packed byte, of one entry.", { min: 1 }),
    ratio_from: bytes(limits.ratioFrom, "From so many unpacked bytes on the ratio counts.", { min: 0 }),
    name_length: integer(limits.nameLength, "Characters of a name that are kept, from its end.", {
      min: 16,
      max: 4096,
    }),
    bad_extensions: openSection(
      "Extensions that are dangerous in an archive, beside those of mime_types, and how dangerous.",
      weights,
      factor(0),
    ),
    clickbait: list(text("", "A word."), clickbait, "Words of a subject or file name that make people open a program."),
  }),
};

export const documentsConfig = {
  documents: section("What reading the documents of a message may cost, Office, PDF and archives together.", {
    effort: integer(24_000_000, "Work: a byte that is looked at costs about 1, a byte that is unpacked about 4.", {
      min: 10_000,
    }),
  }),
};

export const officeConfig = {
  office: section("How far Office documents are read.", {
    document_bytes: bytes(16 * 1024 * 1024, "Bytes of one document.", { min: 1024 }),
    macro_bytes: bytes(1024 * 1024, "Bytes of macro source of one document.", { min: 1024 }),
    part_bytes: bytes(2 * 1024 * 1024, "Bytes of one part of a document.", { min: 1024 }),
  }),
};

export const pdfConfig = {
  pdf: section("How far PDF files are read.", {
    document_bytes: bytes(16 * 1024 * 1024, "Bytes of one file.", { min: 1024 }),
    unpacked_bytes: bytes(4 * 1024 * 1024, "Bytes of streams that are unpacked, of one file.", { min: 0 }),
    objects: integer(10_000, "Objects of one file.", { min: 1 }),
    trailer_lines: integer(100, "Lines of a trailer that is not long.", { min: 1 }),
    urls: integer(500, "URLs of one file that are kept.", { min: 0 }),
  }),
};
