// Extensions of file names.

/** Last extension in lower case, without the blanks and dots that Windows drops. */
export function extensionOf(filename: string): string {
  const name = filename.replace(/[\s.\0]{1,255}$/, "");
  const dot = name.lastIndexOf(".");
  const extension = name.slice(dot + 1).toLowerCase();
  return dot === -1 || /[/\\\s]/.test(extension) ? "" : extension;
}
