// What reading an Office document yields, whatever its format.

export interface OfficeFindings {
  /** Macros, of VBA or Excel 4. */
  macro: boolean;
  autorun: string;
  suspicious: readonly string[];
  encrypted: boolean;
  /** Fields that start a program. */
  dde: boolean;
  /** Where a template, object or frame is fetched from; "" for nowhere. */
  external: string;
  /** Name of a program among the embedded files; "" without. */
  program: string;
  /** RTF: class of an embedded object; "" without. */
  object: string;
  /** RTF: an object that is used to attack, and how. */
  exploit: string;
  /** What hyperlinks lead to. */
  urls: readonly string[];
  /** Pictures, as files. */
  readonly pictures: Buffer[];
  limited: boolean;
}

export function noFindings(): OfficeFindings {
  return {
    macro: false,
    autorun: "",
    suspicious: [],
    encrypted: false,
    dde: false,
    external: "",
    program: "",
    object: "",
    exploit: "",
    urls: [],
    pictures: [],
    limited: false,
  };
}

/** Limits on reading one document, in bytes. */
export interface OfficeLimits {
  readonly documentBytes: number;
  readonly macroBytes: number;
  readonly partBytes: number;
}
