// An HTML document while it is read: what each tag adds to the facts about it.

import type { Image, Link } from "../task.ts";
import type { Look } from "./css.ts";
import { addRules, noRules, type Rules } from "./css-rules.ts";
import { elementCount, Kind } from "./html-element.ts";
import { decodeAttribute, lookOfTag, type StyleCache } from "./html-look.ts";
import { currentStyle, endImplied, openStack, pop, push, type Stack } from "./html-stack.ts";
import { inherit, plainStyle, type Style } from "./html-style.ts";
import { attribute, type Tag } from "./html-tag.ts";
import { addLine, breakLine, countText, separateCell, type TextWriter, textWriter, writeText } from "./html-text.ts";
import type { Limits } from "./limits.ts";

export type HtmlLimits = Pick<Limits, "htmlTags" | "htmlAttributes" | "htmlDepth">;

/** Links, and images, and forms of one document that are kept. */
const maxItems = 10_000;
/** Different tag names that are kept. */
const maxNames = 1_000;
/** Characters of an anchor's text that are kept. */
const anchorLength = 2_048;

interface OpenLink {
  readonly href: string;
  /** Where its text begins, in the pieces of the writer. */
  readonly start: number;
  image: number;
}

export interface Page {
  readonly limits: HtmlLimits;
  readonly stack: Stack;
  readonly writer: TextWriter;
  readonly rules: Rules;
  readonly styles: StyleCache;
  readonly links: Link[];
  readonly images: Image[];
  readonly forms: string[];
  readonly stylesheets: string[];
  /** Names of the tags so far; `seen` has those of known elements by index. */
  readonly names: Set<string>;
  readonly seen: Uint8Array;
  readonly hidden: { font: number; colour: number; display: number };
  readonly hiddenBlocks: { font: number; display: number };
  refresh: string;
  /** `href` of the first <base>. */
  base: string;
  link: OpenLink | null;
  tagCount: number;
  /** Whether a limit was reached. */
  cut: boolean;
  /** Whether rules came after text that they may hide. */
  lateRules: boolean;
}

/** A page without content. `rules` are those that hold from its start. */
export function openPage(limits: HtmlLimits, rules: Rules = noRules()): Page {
  return {
    limits,
    stack: openStack(plainStyle, limits.htmlDepth),
    writer: textWriter(),
    rules,
    styles: new Map(),
    links: [],
    images: [],
    forms: [],
    stylesheets: [],
    names: new Set(),
    seen: new Uint8Array(elementCount),
    hidden: { font: 0, colour: 0, display: 0 },
    hiddenBlocks: { font: 0, display: 0 },
    refresh: "",
    base: "",
    link: null,
    tagCount: 0,
    cut: false,
    lateRules: false,
  };
}

/** Source between two tags. */
export function addText(page: Page, run: string): void {
  const style = currentStyle(page.stack);
  if (style.hiding === null) {
    writeText(page.writer, run, style.preformatted);
    return;
  }
  const characters = countText(run);
  if (characters === 0) return;
  page.hidden[style.hiding] += characters;
  const { block } = style;
  if (block === null || block.counted) return;
  block.counted = true;
  page.hiddenBlocks[block.reason]++;
}

export function addStart(page: Page, tag: Tag): void {
  const { name, kind } = tag;
  if (tag.cut) page.cut = true;
  if (tag.index < 0) {
    if (page.names.size < maxNames) page.names.add(name);
  } else if (page.seen[tag.index] === 0) {
    page.seen[tag.index] = 1;
    page.names.add(name);
  }
  if (name === "br") addLine(page.writer);
  else if ((kind & Kind.block) !== 0) breakLine(page.writer);
  else if ((kind & Kind.cell) !== 0) separateCell(page.writer);
  if (name === "a" || name === "area") startLink(page, tag);
  // Beyond the limit text and links still count, looks and nesting do not.
  if (++page.tagCount > page.limits.htmlTags) {
    page.cut = true;
    return;
  }
  endImplied(page.stack, name, kind);
  const around = currentStyle(page.stack);
  const styled = tag.attributes.length > 0 || page.rules.normal.size > 0 || page.rules.important.size > 0;
  const look = styled || name === "template" ? lookOfTag(tag, page.rules, page.styles) : undefined;
  addItem(page, tag, look);
  if ((kind & (Kind.empty | Kind.raw)) !== 0 && name !== "textarea") return;
  const pre = (kind & Kind.preformatted) !== 0;
  const style: Style = look === undefined && !pre ? around : inherit(around, look ?? {}, pre);
  if ((kind & Kind.root) !== 0) page.stack.base = style;
  else if (!(tag.selfClosing && kind === 0)) push(page.stack, name, kind, style);
}

export function addEnd(page: Page, tag: Tag): void {
  const { name, kind } = tag;
  if (name === "a") endLink(page);
  if (name === "br") addLine(page.writer);
  else if ((kind & Kind.block) !== 0) breakLine(page.writer);
  if ((kind & Kind.root) !== 0) return;
  if (++page.tagCount > page.limits.htmlTags) page.cut = true;
  else pop(page.stack, name, kind);
}

/** The content of a <style> element. */
export function addStyleSheet(page: Page, css: string): void {
  const before = page.rules.normal.size + page.rules.important.size;
  if (!addRules(page.rules, css)) page.cut = true;
  if (page.writer.visible > 0 && page.rules.normal.size + page.rules.important.size > before) page.lateRules = true;
}

/** Completes the open link, if there is one. */
export function endLink(page: Page): void {
  const { link, writer } = page;
  if (link === null) return;
  page.link = null;
  let text = "";
  for (let i = link.start; i < writer.pieces.length && text.length < anchorLength; i++) text += writer.pieces[i] ?? "";
  keep(page, page.links, {
    href: link.href,
    text: text.slice(0, anchorLength).trim().replaceAll("\n", " "),
    image: link.image,
  });
}

function startLink(page: Page, tag: Tag): void {
  const href = attribute(tag, "href");
  if (tag.name === "a") endLink(page);
  if (href === undefined) return;
  const target = decodeAttribute(href).trim();
  if (tag.name === "a") page.link = { href: target, start: page.writer.pieces.length, image: -1 };
  else keep(page, page.links, { href: target, text: "", image: -1 });
}

function addItem(page: Page, tag: Tag, look: Look | undefined): void {
  switch (tag.name) {
    case "img":
    case "image":
      addImage(page, tag, look);
      break;
    case "input":
      if (value(tag, "type").toLowerCase() === "image") addImage(page, tag, look);
      if (value(tag, "formaction") !== "") keep(page, page.forms, value(tag, "formaction"));
      break;
    case "button":
      if (value(tag, "formaction") !== "") keep(page, page.forms, value(tag, "formaction"));
      break;
    case "form":
      keep(page, page.forms, value(tag, "action"));
      break;
    case "base":
      if (page.base === "") page.base = value(tag, "href");
      break;
    case "link":
      if (value(tag, "href") !== "" && /\bstylesheet\b/i.test(value(tag, "rel"))) {
        keep(page, page.stylesheets, value(tag, "href"));
      }
      break;
    case "meta":
      if (page.refresh === "" && value(tag, "http-equiv").toLowerCase() === "refresh") {
        page.refresh = refreshTarget(value(tag, "content"));
      }
      break;
  }
}

function addImage(page: Page, tag: Tag, look: Look | undefined): void {
  const src = value(tag, "src");
  if (src === "") return;
  const linked = page.link !== null;
  if (page.link !== null && page.link.image < 0) page.link.image = page.images.length;
  const width = pixels(value(tag, "width")) || Math.round(look?.width ?? 0);
  const height = pixels(value(tag, "height")) || Math.round(look?.height ?? 0);
  const embedded = /^(?:cid|data):/i.test(src);
  keep(page, page.images, { src, width, height, alt: value(tag, "alt"), embedded, linked });
}

/** `5; url='https://example.org/'`: the address (WHATWG, 4.2.5.3), "" when there is none. */
function refreshTarget(content: string): string {
  const delay = /^[\d.\s]*[;,\s]/.exec(content);
  if (delay === null) return "";
  const target = content
    .slice(delay[0].length)
    .trimStart()
    .replace(/^url\s*=\s*/i, "");
  const quote = target.charAt(0);
  if (quote !== '"' && quote !== "'") return target.trim();
  const end = target.indexOf(quote, 1);
  return target.slice(1, end < 0 ? target.length : end).trim();
}

function value(tag: Tag, name: string): string {
  return decodeAttribute(attribute(tag, name) ?? "").trim();
}

/** Pixels of a width or height attribute; 0 for a percentage and for what is no number. */
function pixels(text: string): number {
  if (text.endsWith("%")) return 0;
  const number = Number.parseInt(text, 10);
  return number > 0 ? Math.min(number, 1_000_000) : 0;
}

function keep<T>(page: Page, list: T[], item: T): void {
  if (list.length < maxItems) list.push(item);
  else page.cut = true;
}
