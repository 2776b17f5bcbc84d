// The engine of JavaScript with its net under it: a match that backtracks too often is begun again by V8's breadth-first
// engine, whose time is linear in the text. Import this before the first pattern is made, as bin/sluice.ts does.

import v8 from "node:v8";

/** Times that a match may go back before the linear engine takes over: about half a millisecond. */
const backtracks = 10_000;

v8.setFlagsFromString("--enable-experimental-regexp-engine-on-excessive-backtracks");
v8.setFlagsFromString(`--regexp-backtracks-before-fallback=${backtracks}`);
// Makes the flag "l" known, which asks for the linear engine and is refused where it cannot be had.
v8.setFlagsFromString("--enable-experimental-regexp-engine");

/** Whether the linear engine can run it. It knows no look-ahead, back-references, long counts, and no flags i, u and v. */
export function isLinear(source: string, flags: string): boolean {
  try {
    new RegExp(source, `${flags}l`);
    return true;
  } catch {
    return false;
  }
}
