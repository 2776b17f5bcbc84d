// Which types are archives to those who open files.

const archiveTypes = new Set([
  "application/zip",
  "application/gzip",
  "application/zstd",
  "application/x-bzip2",
  "application/x-xz",
  "application/vnd.ms-tnef",
  "application/vnd.rar",
  "application/x-7z-compressed",
  "application/vnd.ms-cab-compressed",
  "application/x-tar",
  "application/x-iso9660-image",
]);

/** Types that are zips with parts that are nobody's files, and the names under which readers see them so. */
const documentTypes = /^application\/(?:vnd\.openxmlformats|vnd\.oasis|epub|java-archive|vnd\.android)/;
const documentNames =
  /\.(?:doc[xm]?|dot[xm]|xl[st][xmb]?|xlam|pp[st][xm]?|pot[xm]|ppam|od[a-z]|ot[a-z]|epub|jar|war|apk|vsd[xm]|xpi)$/i;

/**
 * Whether a file of this type is one that readers unpack. A document counts as an archive when its name does not say
 * document: a file that makes a zip look like one is easily added.
 */
export function isArchiveType(detected: string, name: string): boolean {
  return archiveTypes.has(detected) || (documentTypes.test(detected) && !documentNames.test(name));
}
