// Declarations of CSS, as far as they decide whether a reader sees text. Everything else is passed over.

import { parseColour } from "./css-colour.ts";

/** A length in pixels, or a multiple of the font size around it. */
export interface Length {
  readonly value: number;
  readonly relative: boolean;
}

/** What declarations say; a key is absent where they say nothing. */
export interface Look {
  /** `display: none` */
  none?: boolean;
  /** `visibility: hidden` or `collapse` */
  invisible?: boolean;
  opacity?: number;
  font?: Length;
  colour?: number;
  /** Colour of the background, or "image" for one that hides its colour. */
  background?: number | "image";
  /** `overflow` other than visible */
  clipped?: boolean;
  /** A box of no width or no height. */
  narrow?: boolean;
  flat?: boolean;
  /** Moved out of the page by an indent, a margin or a position. */
  away?: boolean;
  width?: number;
  height?: number;
}

/** Declarations, those marked `!important` apart (CSS Cascade 4, 8.1). */
export interface Declarations {
  readonly normal: Look;
  readonly important: Look | null;
}

// Farther than any page is wide or high.
const farAway = -500;

/** Reads the value of a style attribute or the body of a rule. */
export function parseDeclarations(source: string): Declarations {
  const css = clean(source);
  const normal: Look = {};
  let important: Look | null = null;
  let at = 0;
  let colon = -1;
  while (at < css.length) {
    if (colon < at) colon = css.indexOf(":", at);
    if (colon < 0) break;
    const end = declarationEnd(css, at);
    if (colon < end) {
      const name = css.slice(at, colon).trim();
      let value = css.slice(colon + 1, end).trim();
      const mark = value.lastIndexOf("!");
      if (mark >= 0 && value.slice(mark + 1).trim() === "important") {
        important ??= {};
        value = value.slice(0, mark).trim();
        declare(important, name, value);
      } else declare(normal, name, value);
    }
    at = end + 1;
  }
  return { normal, important };
}

/** CSS in lower case, comments out, escapes resolved (CSS Syntax 3, 4.3.7). */
export function clean(source: string): string {
  let css = source.toLowerCase();
  if (css.includes("/*")) css = withoutComments(css);
  if (css.includes("\\")) {
    css = css.replace(
      /\\(?:([0-9a-f]{1,6})[ \t\n]?|(.))/gs,
      (_, hex: string | undefined, plain: string | undefined) => {
        const code = hex === undefined ? 0 : Number.parseInt(hex, 16);
        return hex === undefined ? (plain ?? "") : String.fromCodePoint(code > 0x10ffff ? 0xfffd : code).toLowerCase();
      },
    );
  }
  return css;
}

function withoutComments(css: string): string {
  const pieces: string[] = [];
  let at = 0;
  for (;;) {
    const open = css.indexOf("/*", at);
    if (open < 0) break;
    pieces.push(css.slice(at, open));
    const close = css.indexOf("*/", open + 2);
    at = close < 0 ? css.length : close + 2;
  }
  pieces.push(css.slice(at));
  return pieces.join(" ");
}

/** Index of the `;` that ends the declaration at `start`: one outside of quotes and brackets. */
function declarationEnd(css: string, start: number): number {
  let depth = 0;
  for (let i = start; i < css.length; i++) {
    const c = css.charCodeAt(i);
    if (c === 59 && depth === 0) return i;
    if (c === 40) depth++;
    else if (c === 41 && depth > 0) depth--;
    else if (c === 34 || c === 39) {
      const close = css.indexOf(c === 34 ? '"' : "'", i + 1);
      if (close < 0) return css.length;
      i = close;
    }
  }
  return css.length;
}

function declare(look: Look, name: string, value: string): void {
  switch (name) {
    case "display":
      look.none = value === "none";
      break;
    case "visibility":
      look.invisible = value === "hidden" || value === "collapse";
      break;
    case "opacity":
      set(look, "opacity", fraction(value));
      break;
    case "font-size":
      set(look, "font", parseFontSize(value));
      break;
    case "font":
      set(look, "font", fontShorthand(value));
      break;
    case "color":
      set(look, "colour", parseColour(value));
      break;
    case "background-color":
      set(look, "background", parseColour(value));
      break;
    case "background":
    case "background-image":
      set(look, "background", background(value));
      break;
    case "overflow":
    case "overflow-x":
    case "overflow-y":
      look.clipped = value !== "visible";
      break;
    case "width":
    case "max-width": {
      const pixels = parsePixels(value);
      if (pixels !== undefined) look.narrow = pixels <= 1;
      if (name === "width") set(look, "width", pixels);
      break;
    }
    case "height":
    case "max-height": {
      const pixels = parsePixels(value);
      if (pixels !== undefined) look.flat = pixels <= 1;
      if (name === "height") set(look, "height", pixels);
      break;
    }
    case "text-indent":
    case "margin-left":
    case "margin-top":
    case "left":
    case "top":
    case "right":
    case "bottom": {
      const pixels = parsePixels(value);
      if (pixels !== undefined && (pixels <= farAway || look.away !== true)) look.away = pixels <= farAway;
      break;
    }
    case "clip":
      if (/^rect\( *[01](?:px)?[ ,]+[01](?:px)?[ ,]+[01](?:px)?[ ,]/.test(value)) look.away = true;
      break;
  }
}

function set<K extends "opacity" | "font" | "colour" | "background" | "width" | "height">(
  look: Look,
  key: K,
  value: Look[K] | undefined,
): void {
  if (value !== undefined) look[key] = value;
}

function fraction(value: string): number | undefined {
  const number = Number.parseFloat(value);
  if (Number.isNaN(number)) return undefined;
  return value.endsWith("%") ? number / 100 : number;
}

/** Pixels to one of each unit. */
const units = new Map([
  ["", 1],
  ["px", 1],
  ["pt", 4 / 3],
  ["pc", 16],
  ["in", 96],
  ["cm", 37.8],
  ["mm", 3.78],
  ["q", 0.945],
  ["rem", 16],
  ["em", 16],
  ["ex", 8],
  ["ch", 8],
  ["vw", 10],
  ["vh", 8],
]);

const sizes = new Map([
  ["xx-small", 9],
  ["x-small", 10],
  ["small", 13],
  ["medium", 16],
  ["large", 18],
  ["x-large", 24],
  ["xx-large", 32],
  ["initial", 16],
]);

/** A length in pixels, relative units taken at the usual font size; undefined for a percentage and for a word. */
export function parsePixels(value: string): number | undefined {
  const number = Number.parseFloat(value);
  if (Number.isNaN(number)) return undefined;
  const factor = units.get(unitOf(value));
  return factor === undefined ? undefined : number * factor;
}

function parseFontSize(value: string): Length | undefined {
  const word = sizes.get(value);
  if (word !== undefined) return { value: word, relative: false };
  if (value === "smaller") return { value: 0.83, relative: true };
  if (value === "larger") return { value: 1.2, relative: true };
  const number = Number.parseFloat(value);
  if (Number.isNaN(number)) return undefined;
  const unit = unitOf(value);
  if (unit === "em") return { value: number, relative: true };
  if (unit === "%") return { value: number / 100, relative: true };
  if (unit === "ex" || unit === "ch") return { value: number / 2, relative: true };
  const factor = units.get(unit);
  return factor === undefined ? undefined : { value: number * factor, relative: false };
}

/** The size of `italic bold 12px/1.5 serif`: the first word that is one and stands before the families. */
function fontShorthand(value: string): Length | undefined {
  for (const word of value.slice(0, 200).split(" ")) {
    const first = word.charCodeAt(0);
    const numeric = (first >= 48 && first <= 57) || first === 46;
    // 100, 200, ... 900 alone are a weight.
    if (numeric ? /^[1-9]00$/.test(word) : !sizes.has(word)) continue;
    const line = word.indexOf("/");
    return parseFontSize(line < 0 ? word : word.slice(0, line));
  }
  return undefined;
}

function unitOf(value: string): string {
  let end = value.length;
  while (end > 0) {
    const c = value.charCodeAt(end - 1);
    if (c !== 37 && !(c >= 97 && c <= 122)) break;
    end--;
  }
  return value.slice(end);
}

/** `background: #fff url(x.png) no-repeat`: an image may have any colour. */
function background(value: string): number | "image" | undefined {
  if (value.includes("url(") || value.includes("gradient(")) return "image";
  if (value.startsWith("rgb")) return parseColour(value);
  for (const word of value.slice(0, 200).split(" ")) {
    const colour = parseColour(word);
    if (colour !== undefined) return colour;
  }
  return undefined;
}
