// What the pages of a mail show and hide.

import type { Html } from "../../../shared/task.ts";
import { climb, feature, ladder, type Marks, mark } from "./shape.ts";
import type { Style } from "./word-list.ts";

/** Links of a page that are looked at, and characters of what one says. */
const longestList = 60;
const longestText = 200;

const visibleShare = ladder("share of the page that is seen", [
  [0.05, 0],
  [0.15, -0.1],
  [0.4, -0.1],
  [0.7, 0],
]);
const images = ladder("images", [
  [1, 0.1],
  [5, -0.1],
  [15, -0.2],
]);
const imageOnly = feature("an image and hardly a word", 1.2);
const linkedImageOnly = feature("a linked image and hardly a word", 0.8);
const hidden = ladder("hidden characters", [
  [1, 0.1],
  [60, 0.2],
  [400, 0.6],
]);
const sameColour = feature("text in the colour of its ground", 0.4);
const tinyText = feature("text too small to read", 0.4);
const unbalanced = feature("page with unclosed tags", 0.1);
const form = feature("page with a form", 0.4);
const script = feature("page with a script", 0.6);
const refresh = feature("page that leads away", 1);
const mismatch = feature("link that says it leads elsewhere", 0.7);
const bigFont = feature("page with old font tags", 0.2);
const styleSheet = feature("page with a style sheet", 0);
const manyPageLinks = feature("page of links", 0);
const pixel = feature("image of one pixel", -0.1);

/** Of the pages. */
export function markPages(pages: readonly Html[], style: Style, marks: Marks): void {
  let source = 0;
  let visible = 0;
  let pictures = 0;
  let linked = 0;
  let hiddenUnits = 0;
  const found = new Set<number>();
  for (const page of pages) {
    source += page.source.length;
    visible += page.visible;
    pictures += page.images.length;
    hiddenUnits += page.hidden.font + page.hidden.colour + page.hidden.display;
    if (page.hidden.colour > 20) found.add(sameColour);
    if (page.hidden.font > 20) found.add(tinyText);
    if (!page.balanced) found.add(unbalanced);
    if (page.forms.length > 0) found.add(form);
    if (page.refresh !== "") found.add(refresh);
    if (page.links.length > 40) found.add(manyPageLinks);
    if (page.tags.includes("script")) found.add(script);
    if (page.tags.includes("font")) found.add(bigFont);
    if (page.tags.includes("style")) found.add(styleSheet);
    for (const { width, height, linked: isLink } of page.images) {
      if (isLink) linked++;
      if (width === 1 && height === 1) found.add(pixel);
    }
    for (const { href, text } of page.links.slice(0, longestList))
      if (leadsElsewhere(href, text.slice(0, longestText))) found.add(mismatch);
  }
  if (pages.length === 0) return;
  for (const hash of found) mark(marks, hash);
  climb(marks, visibleShare, visible / Math.max(1, source));
  climb(marks, images, pictures);
  climb(marks, hidden, hiddenUnits);
  if (pictures > 0 && style.words < 15) mark(marks, imageOnly);
  if (linked > 0 && style.words < 30) mark(marks, linkedImageOnly);
}

/** Whether a link's text names a host that is not the one of its target. */
function leadsElsewhere(href: string, text: string): boolean {
  const said = /^(?:https?:\/\/)?((?:[\w-]+\.)+[a-z]{2,})(?:[/:?#]|$)/i.exec(text)?.[1]?.toLowerCase();
  const real = /^https?:\/\/(?:[^/@]*@)?([^/:?#]+)/i.exec(href)?.[1]?.toLowerCase();
  if (said === undefined || real === undefined) return false;
  const tail = (host: string) => host.split(".").slice(-2).join(".");
  return tail(said) !== tail(real);
}
