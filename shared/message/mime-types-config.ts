// The section `mime_types`: which types and file names are dangerous, and how much.

import { type Field, list, number, openSection, section, text } from "../config/schema.ts";

/** One entry for each of the names. */
function each(names: string, weight: number): Readonly<Record<string, number>> {
  return Object.fromEntries(names.split(" ").map((name) => [name, weight]));
}

const types = {
  ...each("text/plain multipart/* message/rfc822 message/delivery-status text/rfc822-headers text/calendar", -1),
  ...each("message/disposition-notification message/feedback-report message/global", -1),
  ...each("application/pgp-signature application/pgp-encrypted application/pgp-keys", -1),
  ...each("application/pkcs7-signature application/x-pkcs7-signature application/pkcs7-mime", -1),
  ...each("application/x-pkcs7-mime application/ics text/vcard text/x-vcard text/directory", -1),
  ...each("text/html text/enriched text/richtext text/x-amp-html text/css text/csv text/markdown text/xml", 0),
  ...each(
    "text/x-patch text/x-diff application/x-patch text/x-shellscript image/* audio/* video/* font/* message/external-body",
    0,
  ),
  ...each("application/octet-stream application/pdf application/rtf application/json application/xml", 0),
  ...each("application/zip application/gzip application/x-gzip application/x-tar application/x-zip-compressed", 0),
  ...each("application/vnd.rar application/x-rar-compressed application/x-7z-compressed application/x-bzip2", 0),
  ...each("application/zstd application/x-xz application/ogg application/postscript application/ms-tnef", 0),
  ...each("application/vnd.ms-tnef application/epub+zip application/msword application/x-ole-storage", 0),
  ...each("application/vnd.ms-excel application/vnd.ms-powerpoint application/vnd.ms-outlook", 0),
  ...each("application/vnd.openxmlformats-officedocument.wordprocessingml.document", 0),
  ...each("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", 0),
  ...each("application/vnd.openxmlformats-officedocument.presentationml.presentation", 0),
  ...each("application/vnd.oasis.opendocument.text application/vnd.oasis.opendocument.spreadsheet", 0),
  ...each(
    "application/vnd.oasis.opendocument.presentation application/vnd.apple.pkpass application/x-apple-diskimage",
    0,
  ),
  ...each("application/vnd.ms-word.document.macroenabled.12 application/vnd.ms-excel.sheet.macroenabled.12", 1),
  // Pieces of one mail, of which no filter sees the whole.
  ...each("message/partial", 2),
  ...each("application/xhtml+xml application/x-shockwave-flash application/x-iso9660-image", 1),
  ...each("application/vnd.ms-cab-compressed application/javascript text/javascript", 2),
  ...each("application/x-javascript application/x-java-archive application/java-archive", 2),
  ...each("application/java-vm application/wasm application/vnd.android.package-archive", 2),
  ...each("application/x-msdownload application/x-msdos-program application/x-dosexec application/x-executable", 4),
  ...each("application/vnd.microsoft.portable-executable application/x-elf application/x-msi application/hta", 4),
  ...each("application/x-ms-shortcut application/x-ms-application application/vnd.ms-htmlhelp text/vbscript", 4),
};

const extensions = {
  // Scripts and programs that a double click runs.
  ...each("application appref-ms chm cla class cmd com cpl exe gadget hta inf ins isp jar jnlp job js jse lnk", 4),
  ...each("mht mhtml msc msh msh1 msh2 mshxml msi msp mst pif ps1 ps1xml ps2 ps2xml psc1 psc2 reg scf scr sct", 4),
  ...each("settingcontent-ms shb shs sys url vb vbe vbs vxd wsc wsf wsh xll ws wll website", 4),
  ...each(
    "appinstaller appx appxbundle command desktop diagcab iqy library-ms mcl msix msixbundle ppkg rdp search-ms",
    4,
  ),
  ...each("searchconnector-ms slk theme themepack", 4),
  // Images of discs and odd archives, which carry the above past other filters.
  ...each("ace arj cab daa img iso lzh uue vhd vhdx wim xxe z", 2),
  ...each("bat dll ocx drv fon ade adp mad maf mda mdb mde mdt mdw mdz", 2),
  // Documents with macros.
  ...each("docm dotm xlsm xltm xlam pptm potm ppam ppsm sldm one wbk xlsb xla xlt onepkg", 1),
};

/** A table with defaults to which an operator adds, and whose single values he changes. */
function weights(known: Readonly<Record<string, number>>, least: number, about: string) {
  const field = (weight: number) => number(weight, "Weight.", { min: least, max: 8 });
  const keys: Record<string, Field<number>> = {};
  for (const [name, weight] of Object.entries(known)) keys[name] = field(weight);
  return openSection(about, keys, field(0));
}

const mediaTypes = (fallback: readonly string[]) => list(text("", "A media type."), fallback, "Media types.");

export const mimeTypesConfig = {
  mime_types: section("Types and file names of parts.", {
    types: weights(
      types,
      -8,
      "Media types, or families such as image/*: below 0 usual in mail, 0 neither, above 0 dangerous by so much.",
    ),
    bad_extensions: weights(extensions, 0, "Dangerous extensions without the dot, and how dangerous; 0 is harmless."),
    extension_map: openSection(
      "Extensions whose part must have one of these media types.",
      {
        html: mediaTypes(["text/html"]),
        txt: mediaTypes(["text/plain", "message/disposition-notification", "text/rfc822-headers"]),
        pdf: mediaTypes(["application/pdf", "application/octet-stream"]),
      },
      mediaTypes([]),
    ),
  }),
};
