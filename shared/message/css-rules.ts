// Rules of a <style> element whose selector is a tag, a class, an id, or a tag with one of them.

import { clean, type Look, parseDeclarations } from "./css.ts";

/** What a selector gives to elements, by selector: "td", ".note", "td#x", "*". */
export interface Rules {
  readonly normal: Map<string, Look>;
  readonly important: Map<string, Look>;
}

export const maxRules = 2_000;
/** Classes of one element that are looked up. */
const maxClasses = 16;

export function noRules(): Rules {
  return { normal: new Map(), important: new Map() };
}

/** Adds the rules of a style sheet. False when there were more than `maxRules` of them in all. */
export function addRules(rules: Rules, source: string): boolean {
  const css = clean(source).replace(/<!--|-->/g, " ");
  let at = 0;
  while (at < css.length) {
    const open = css.indexOf("{", at);
    if (open < 0) return true;
    // Statements without a block, and the ends of blocks that were entered, stand before the selector.
    const prelude = css.slice(at, open);
    const selector = prelude.slice(Math.max(prelude.lastIndexOf(";"), prelude.lastIndexOf("}")) + 1).trim();
    if (selector.startsWith("@")) {
      at = appliesAlways(selector) ? open + 1 : blockEnd(css, open);
      continue;
    }
    let close = css.indexOf("}", open);
    if (close < 0) close = css.length;
    if (!addRule(rules, selector, css.slice(open + 1, close))) return false;
    at = close + 1;
  }
  return true;
}

/** What rules give to an element, the more specific selectors last. */
export function lookOf(rules: Map<string, Look>, tag: string, id: string, classes: string): Look | undefined {
  let look = merge(rules.get("*"), rules.get(tag));
  if (classes !== "") {
    for (const name of classes.toLowerCase().split(/[ \t\n\f\r]+/, maxClasses)) {
      look = merge(merge(look, rules.get(`.${name}`)), rules.get(`${tag}.${name}`));
    }
  }
  if (id !== "") {
    const name = id.trim().toLowerCase();
    look = merge(merge(look, rules.get(`#${name}`)), rules.get(`${tag}#${name}`));
  }
  return look;
}

/** `b` over `a`. */
export function merge(a: Look | undefined, b: Look | undefined): Look | undefined {
  if (a === undefined) return b;
  return b === undefined ? a : { ...a, ...b };
}

function addRule(rules: Rules, selectors: string, body: string): boolean {
  const { normal, important } = parseDeclarations(body);
  const says = Object.keys(normal).length > 0;
  if (!says && important === null) return true;
  for (const part of selectors.split(",")) {
    const selector = part.trim();
    if (!/^(?:\*|[a-z][a-z0-9]*)?(?:[.#][^ .#>+~:[\]()*,]+)?$/.test(selector) || selector === "") continue;
    if (rules.normal.size + rules.important.size >= maxRules) return false;
    const key = selector.length > 1 && selector.startsWith("*") ? selector.slice(1) : selector;
    if (says) rules.normal.set(key, { ...rules.normal.get(key), ...normal });
    if (important !== null) rules.important.set(key, { ...rules.important.get(key), ...important });
  }
  return true;
}

/** Whether the rules in this block hold on a screen of whatever size. */
function appliesAlways(prelude: string): boolean {
  const media = /^@media\s+(.*)$/s.exec(prelude)?.[1]?.trim();
  return media === "all" || media === "screen" || media === "only screen";
}

/** Index behind the `}` that belongs to the `{` at `open`. */
function blockEnd(css: string, open: number): number {
  let depth = 0;
  for (let i = open; i < css.length; i++) {
    const c = css.charCodeAt(i);
    if (c === 123) depth++;
    else if (c === 125 && --depth === 0) return i + 1;
  }
  return css.length;
}
