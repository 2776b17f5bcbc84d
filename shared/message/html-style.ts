// How text looks at one place of an HTML document, as far as it decides whether a reader sees it. Each element
// inherits from the one around it.

import type { Length, Look } from "./css.ts";
import { alike, transparent } from "./css-colour.ts";

/** Why a reader does not see text. */
export type Hiding = "font" | "colour" | "display";

/** The element that hides what it holds; noted once, when text is found in it. */
export interface HidingBlock {
  readonly reason: "font" | "display";
  counted: boolean;
}

export interface Style {
  /** Taken away with all that is inside, whatever that says: display, opacity, out of the page. */
  readonly gone: boolean;
  /** `visibility`; an element inside may be visible again. */
  readonly invisible: boolean;
  /** Font size in pixels. */
  readonly font: number;
  readonly colour: number;
  /** null where an image lies behind the text. */
  readonly background: number | null;
  readonly opacity: number;
  readonly preformatted: boolean;
  /** What hides text here; null when a reader sees it. */
  readonly hiding: Hiding | null;
  readonly block: HidingBlock | null;
}

/** Black on white, as a mail reader starts. */
export const plainStyle: Style = {
  gone: false,
  invisible: false,
  font: 16,
  colour: 0x000000,
  background: 0xffffff,
  opacity: 1,
  preformatted: false,
  hiding: null,
  block: null,
};

/** Text of this size in pixels, and smaller, is not read by anybody. */
const smallestFont = 1;
const leastOpacity = 0.05;

/** Style of an element with this look inside of one with the style `parent`. */
export function inherit(parent: Style, look: Look, preformatted: boolean): Style {
  const opacity = look.opacity === undefined ? parent.opacity : parent.opacity * look.opacity;
  const gone = parent.gone || opacity < leastOpacity || takesAway(look);
  const invisible = look.invisible ?? parent.invisible;
  const font = look.font === undefined ? parent.font : pixels(look.font, parent.font);
  const colour = look.colour ?? parent.colour;
  const background = behind(parent, look);
  const hiding = hidingOf(gone || invisible, font, colour, background);
  let block = parent.block;
  if (hiding === null || hiding === "colour") block = null;
  else if (block === null || block.reason !== hiding) block = { reason: hiding, counted: false };
  const pre = preformatted || parent.preformatted;
  return { gone, invisible, font, colour, background, opacity, preformatted: pre, hiding, block };
}

function takesAway(look: Look): boolean {
  if (look.none === true || look.away === true) return true;
  return look.clipped === true && (look.narrow === true || look.flat === true);
}

function pixels(length: Length, around: number): number {
  return length.relative ? length.value * around : length.value;
}

function behind(parent: Style, look: Look): number | null {
  const { background } = look;
  if (background === undefined || background === transparent) return parent.background;
  return background === "image" ? null : background;
}

function hidingOf(away: boolean, font: number, colour: number, background: number | null): Hiding | null {
  if (away) return "display";
  if (font <= smallestFont) return "font";
  if (colour === transparent || (background !== null && alike(colour, background))) return "colour";
  return null;
}
