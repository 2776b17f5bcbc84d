// What a tag says about the look of its element: old attributes, then style sheets, then its style attribute
// (CSS Cascade 4, 6.1; WHATWG, 15 for the attributes).

import { decodeHTMLAttribute } from "entities/decode";
import { type Declarations, type Look, parseDeclarations } from "./css.ts";
import { parseAttributeColour } from "./css-colour.ts";
import { lookOf, merge, type Rules } from "./css-rules.ts";
import type { Tag } from "./html-tag.ts";

/** Style attributes that were read before: mail repeats the same few. */
export type StyleCache = Map<string, Declarations>;

/** Links are blue until a style says otherwise, whatever colour the text around them has. */
const linkColour = 0x0000ee;

/** The look that a tag gives its element; undefined when it gives it none. */
export function lookOfTag(tag: Tag, rules: Rules, cache: StyleCache): Look | undefined {
  const { attributes, name } = tag;
  let look: Look | undefined = name === "template" ? { none: true } : undefined;
  let style = "";
  let id = "";
  let classes = "";
  // From the last to the first: of two attributes with the same name the first counts.
  for (let i = attributes.length - 2; i >= 0; i -= 2) {
    const value = attributes[i + 1] ?? "";
    switch (attributes[i]) {
      case "style":
        style = value;
        break;
      case "class":
        classes = value;
        break;
      case "id":
        id = value;
        break;
      case "hidden":
        look = { ...look, none: true };
        break;
      case "href":
        if (name === "a") look = { colour: linkColour, ...look };
        break;
      case "color":
        if (name === "font" || name === "basefont") look = withColour(look, "colour", value);
        break;
      case "text":
        if (name === "body") look = withColour(look, "colour", value);
        break;
      case "bgcolor":
        look = withColour(look, "background", value);
        break;
      case "background":
        look = { ...look, background: "image" };
        break;
    }
  }
  const inline = style === "" ? undefined : declarations(style, cache);
  if (rules.normal.size > 0) look = merge(look, lookOf(rules.normal, name, id, classes));
  look = merge(look, inline?.normal);
  if (rules.important.size > 0) look = merge(look, lookOf(rules.important, name, id, classes));
  return inline?.important ? merge(look, inline.important) : look;
}

/** The value of an attribute with its entities resolved. */
export function decodeAttribute(value: string): string {
  return value.includes("&") ? decodeHTMLAttribute(value) : value;
}

function withColour(look: Look | undefined, key: "colour" | "background", value: string): Look | undefined {
  const colour = parseAttributeColour(decodeAttribute(value));
  // An image of the same tag lies over its colour.
  if (colour === undefined || (key === "background" && look?.background === "image")) return look;
  return { ...look, [key]: colour };
}

function declarations(style: string, cache: StyleCache): Declarations {
  let found = cache.get(style);
  if (found === undefined) {
    found = parseDeclarations(decodeAttribute(style));
    cache.set(style, found);
  }
  return found;
}
