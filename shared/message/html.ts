// Reads an HTML part once: the text that a reader sees, what is hidden from him, links, images, forms. A single pass
// over the source that takes any input; it builds no tree.

import type { FlawKind, Html } from "../task.ts";
import { noRules, type Rules } from "./css-rules.ts";
import { Kind } from "./html-element.ts";
import {
  addEnd,
  addStart,
  addStyleSheet,
  addText,
  endLink,
  type HtmlLimits,
  openPage,
  type Page,
} from "./html-page.ts";
import { closeStack } from "./html-stack.ts";
import { beginsTag, rawTextEnd, readTag, skipMarkup, type Tag } from "./html-tag.ts";

export type { HtmlLimits } from "./html-page.ts";

export interface HtmlAnalysis {
  readonly html: Html;
  /** What a reader sees, line ends LF: the text of the fact `text`. */
  readonly text: string;
  /** `limit-html` when a limit was reached. */
  readonly flaws: readonly FlawKind[];
}

/** Analyses the decoded source of an HTML part. Never throws; time grows with the length of the source only. */
export function analyseHtml(source: string, part: number, limits: HtmlLimits): HtmlAnalysis {
  let page = readPage(source, limits, noRules());
  // A style sheet behind the text hides it all the same: once more, with all rules known from the start.
  if (page.lateRules) page = readPage(source, limits, page.rules);
  const { base, stack, writer } = page;
  const html: Html = {
    part,
    source,
    links: base === "" ? page.links : page.links.map((link) => ({ ...link, href: resolve(link.href, base) })),
    images: base === "" ? page.images : page.images.map((image) => ({ ...image, src: resolve(image.src, base) })),
    forms: base === "" ? page.forms : page.forms.map((action) => resolve(action, base)),
    refresh: base === "" || page.refresh === "" ? page.refresh : resolve(page.refresh, base),
    stylesheets: page.stylesheets,
    tags: [...page.names],
    hidden: page.hidden,
    hiddenBlocks: page.hiddenBlocks,
    visible: writer.visible,
    balanced: stack.balanced,
  };
  return { html, text: writer.pieces.join("").trimEnd(), flaws: page.cut || stack.overflowed ? ["limit-html"] : [] };
}

function readPage(source: string, limits: HtmlLimits, rules: Rules): Page {
  const page = openPage(limits, rules);
  let textFrom = 0;
  let at = source.indexOf("<");
  while (at >= 0) {
    let next: number;
    if (beginsTag(source, at)) {
      if (at > textFrom) addText(page, source.slice(textFrom, at));
      const tag = readTag(source, at, limits.htmlAttributes);
      next = tag === null ? source.length : addTag(page, source, tag);
      textFrom = next;
    } else {
      next = skipMarkup(source, at);
      if (next < 0) next = at + 1;
      else {
        if (at > textFrom) addText(page, source.slice(textFrom, at));
        textFrom = next;
      }
    }
    at = source.indexOf("<", next);
  }
  if (textFrom < source.length) addText(page, source.slice(textFrom));
  endLink(page);
  closeStack(page.stack);
  return page;
}

/** Adds a tag, and for an element of raw text its content. Answers the index behind it. */
function addTag(page: Page, source: string, tag: Tag): number {
  if (tag.closing) {
    addEnd(page, tag);
    return tag.end;
  }
  addStart(page, tag);
  if ((tag.kind & Kind.raw) === 0) return tag.end;
  const end = tag.name === "plaintext" ? source.length : rawTextEnd(source, tag.end, tag.name);
  const content = source.slice(tag.end, end);
  if (tag.name === "style") addStyleSheet(page, content);
  else if ((tag.kind & Kind.dropped) === 0) addText(page, content);
  if (end >= source.length) {
    if (tag.name !== "plaintext") page.stack.balanced = false;
    return source.length;
  }
  // A <textarea> is open as other elements are, for it has a style; its end tag is read as usual.
  return tag.name === "textarea" ? end : (readTag(source, end, 0)?.end ?? source.length);
}

/** A reference that is whole stays as it was written: how it was written tells something. */
function resolve(reference: string, base: string): string {
  if (/^[a-z][a-z0-9+.-]*:/i.test(reference)) return reference;
  return URL.parse(reference, base)?.href ?? reference;
}
