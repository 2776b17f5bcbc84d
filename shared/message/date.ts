// Dates of mail: RFC 5322, 3.3, the obsolete forms of 4.3, and what else senders write (asctime, named zones).

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** Offsets in hours. RFC 5322, 4.3, then zones that are common in mail and mean one thing there. */
const zones: Readonly<Record<string, number>> = {
  ut: 0, utc: 0, gmt: 0, z: 0, wet: 0,
  est: -5, edt: -4, cst: -6, cdt: -5, mst: -7, mdt: -6, pst: -8, pdt: -7, akst: -9, akdt: -8, hst: -10,
  bst: 1, west: 1, cet: 1, cest: 2, met: 1, mest: 2, mez: 1, mesz: 2, eet: 2, eest: 3, msk: 3, msd: 4,
  ist: 5.5, hkt: 8, sgt: 8, jst: 9, kst: 9, aest: 10, aedt: 11, nzst: 12, nzdt: 13,
}; // biome-ignore format: a table

// Every repetition is bounded: dates come from the sender.
const usual =
  /^(?:[a-z]{2,9}\.?\s{0,3},?\s{0,3})?(\d{1,2})[\s-]{1,4}([a-z]{3,9})\.?,?[\s-]{1,4}(\d{2,4}),?\s{1,4}(\d{1,2})[:.](\d{1,2})(?:[:.](\d{1,2})(?:[.,]\d{1,9})?)?\s{0,4}([ap]m\b)?\s{0,4}(\S{0,12})\s{0,4}([+-]\d{4})?/i;
const asctime =
  /^(?:[a-z]{3,9},?\s{1,4})?([a-z]{3,9})\s{1,4}(\d{1,2}),?\s{1,4}(?:(\d{4}),?\s{1,4})?(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?\s{0,4}([ap]m\b)?\s{0,4}([a-z]{0,5}(?:[+-]\d{4})?)\s{0,4}(\d{4})?/i;

/** Offset of a zone in ms; an unknown one counts as UTC, as RFC 5322, 4.3 has it for the military letters. */
function zoneOffset(zone: string): number {
  const sign = /^(?:gmt|utc)?([+-])(\d{1,2}):?(\d{2})?$/i.exec(zone);
  if (sign !== null) {
    const offset = (Number(sign[2]) * 60 + Number(sign[3] ?? 0)) * 60_000;
    return sign[1] === "-" ? -offset : offset;
  }
  const name = zone.toLowerCase();
  return Object.hasOwn(zones, name) ? (zones[name] ?? 0) * 3_600_000 : 0;
}

function yearOf(text: string): number {
  const year = Number(text);
  // RFC 5322, 4.3: years of two and three digits.
  if (text.length === 2) return year < 50 ? 2000 + year : 1900 + year;
  return text.length === 3 ? 1900 + year : year;
}

function daysIn(year: number, month: number): number {
  if (month === 1) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 3 || month === 5 || month === 8 || month === 10 ? 30 : 31;
}

function time(
  year: number,
  monthName: string,
  day: number,
  hours: number,
  minutes: number,
  seconds: number,
  half: string | undefined,
  zone: string,
): number | null {
  const month = months.indexOf(monthName.slice(0, 3).toLowerCase());
  let hour = hours;
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return null;
    hour = (hour % 12) + (half.toLowerCase() === "pm" ? 12 : 0);
  }
  // 60 is a leap second (RFC 5322, 3.3).
  if (month === -1 || day < 1 || hour > 23 || minutes > 59 || seconds > 60 || year < 1900) return null;
  if (day > daysIn(year, month)) return null;
  return Date.UTC(year, month, day) + ((hour * 60 + minutes) * 60 + seconds) * 1000 - zoneOffset(zone);
}

/** Two decimal digits at `at`; NaN when there are none. */
function twoDigits(text: string, at: number): number {
  const high = text.charCodeAt(at) - 48;
  const low = text.charCodeAt(at + 1) - 48;
  return high >= 0 && high <= 9 && low >= 0 && low <= 9 ? high * 10 + low : Number.NaN;
}

/** Reads the one form that nearly all dates have, "Thu, 22 Aug 2002 08:27:38 -0400", without a pattern; NaN for
 *  any other, which may still be a date. */
function readFixed(text: string): number {
  let at = text.charCodeAt(3) === 44 && text.charCodeAt(4) === 32 ? 5 : 0;
  const short = text.charCodeAt(at + 1) === 32;
  const day = short ? text.charCodeAt(at) - 48 : twoDigits(text, at);
  at += short ? 2 : 3;
  const month = months.indexOf(text.slice(at, at + 3).toLowerCase());
  const year = twoDigits(text, at + 4) * 100 + twoDigits(text, at + 6);
  const [hour, minute, second] = [twoDigits(text, at + 9), twoDigits(text, at + 12), twoDigits(text, at + 15)];
  const offset = twoDigits(text, at + 19) * 60 + twoDigits(text, at + 21);
  const sign = text.charCodeAt(at + 18);
  const blanks = text.charCodeAt(at - 1) + text.charCodeAt(at + 3) + text.charCodeAt(at + 8) + text.charCodeAt(at + 17);
  if (blanks !== 128 || text.charCodeAt(at + 11) !== 58 || text.charCodeAt(at + 14) !== 58) return Number.NaN;
  if ((sign !== 43 && sign !== 45) || text.length !== at + 23 || month === -1 || year < 1900) return Number.NaN;
  if (!(day >= 1 && day <= daysIn(year, month) && hour <= 23 && minute <= 59 && second <= 60)) return Number.NaN;
  return Date.UTC(year, month, day, hour, minute, second) - (sign === 45 ? -offset : offset) * 60_000;
}

/** ms since 1970 of an unfolded date without comments, or null when it cannot be read. */
export function parseDate(value: string): number | null {
  const fixed = readFixed(value);
  if (!Number.isNaN(fixed)) return fixed;
  const text = value.length > 100 ? value.slice(0, 100) : value;
  const found = usual.exec(text);
  if (found !== null) {
    const [, day = "", month = "", year = "", hour = "", minute = "", second = "0", half, word = "", offset] = found;
    const zone = word === "" || (offset !== undefined && !/\d/.test(word)) ? (offset ?? word) : word;
    return time(yearOf(year), month, Number(day), Number(hour), Number(minute), Number(second), half, zone);
  }
  const other = asctime.exec(text);
  if (other === null) return null;
  const [, month = "", day = "", early, hour = "", minute = "", second = "0", half, zone = "", late] = other;
  const year = early ?? late;
  if (year === undefined) return null;
  return time(yearOf(year), month, Number(day), Number(hour), Number(minute), Number(second), half, zone);
}
