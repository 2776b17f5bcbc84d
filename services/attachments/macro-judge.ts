// What macros do: names that run by themselves, and calls that reach outside the document.

/** Procedures that Office calls when a document is opened, closed or first drawn. */
const autorun = new RegExp(
  `\\b(?:${[
    "auto_?(?:open|close|exec|exit|new)",
    "document_?(?:open|close|beforeclose|new|contentcontrolonenter)",
    "workbook_(?:open|activate|beforeclose|windowactivate|sheetactivate)",
    "worksheet_(?:activate|calculate)",
    "inkpicture\\d{0,3}_painted",
    "\\w{1,40}_(?:layout|painted|resize|mousemove)",
  ].join("|")})\\b`,
  "i",
);

/** Calls that documents of honest authors do not make. */
const strong = [
  "urldownloadtofile",
  "powershell",
  "mshta",
  "regsvr32",
  "rundll32",
  "certutil",
  "bitsadmin",
  "wscript.shell",
  "shell.application",
  "shellexecute",
  "winmgmts:",
  "win32_process",
  "xmlhttp",
  "winhttprequest",
  "adodb.stream",
  "virtualalloc",
  "virtualprotect",
  "createthread",
  "createremotethread",
  "writeprocessmemory",
  "rtlmovememory",
  "cmd /c",
  "cmd.exe",
  "executeexcel4macro",
  "savetofile",
] as const;

/** Calls that honest macros make, but rarely several of. */
const weak: readonly (readonly [name: string, pattern: RegExp])[] = [
  ["shell", /\bshell\b/i],
  ["createobject", /\bcreateobject\b/i],
  ["getobject", /\bgetobject\b/i],
  ["callbyname", /\bcallbyname\b/i],
  ["environ", /\benviron\$?\s*\(/i],
  ["declare", /\bdeclare\s+(?:ptrsafe\s+)?(?:function|sub)\b/i],
  ["strreverse", /\bstrreverse\b/i],
  ["chr", /(?:\bchrw?\$?\s*\([^)]{1,20}\)\s*[&+]\s*){4}/i],
  ["binary", /\bopen\b[^\n]{1,200}\bfor\s+binary\b/i],
];

export interface Judgement {
  /** Name of a procedure that runs by itself; "" without. */
  readonly autorun: string;
  /** Names of what is suspicious; empty when it is not enough. */
  readonly suspicious: readonly string[];
}

/** Judges the source of macros. Strings that are joined are joined first: "power" & "shell". */
export function judgeMacros(source: string): Judgement {
  const text = source
    .replace(/^\s{0,80}(?:'|rem\s)[^\n]*$/gim, "")
    .replace(/ _\r?\n/g, " ")
    .replace(/"\s{0,8}[&+]\s{0,8}"/g, "");
  const lower = text.toLowerCase();
  const found: string[] = strong.filter((word) => lower.includes(word));
  const rare = weak.filter(([, pattern]) => pattern.test(text)).map(([name]) => name);
  const suspicious = found.length > 0 || rare.length > 1 ? [...found, ...rare] : [];
  return { autorun: autorun.exec(text)?.[0]?.toLowerCase() ?? "", suspicious };
}
