// Metrics in OpenMetrics text: counters, gauges and histograms, with labels. A series lives as long as its registry, so
// labels come from declarations (checks, actions, codes), never from mail.

/** Content type of `print`. */
export const openMetricsType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

export type Labels = Readonly<Record<string, string>>;

export interface Counter {
  /** Adds `by`, which is not negative. Default 1. */
  add(by?: number): void;
  readonly value: number;
}

export interface Gauge {
  set(value: number): void;
}

export interface Histogram {
  observe(value: number): void;
  /** Of all values; 0 without any. */
  readonly mean: number;
}

/**
 * What counters and histograms have counted, plain: by family and series a number, or pairs of the place of a bucket and
 * what is in it, the sum of the values behind the buckets. Gauges speak of one process and are left out.
 */
export type Counts = Readonly<Record<string, Readonly<Record<string, Count>>>>;
type Count = number | readonly number[];

/** One name and meaning; `with` finds or makes the series of these labels. Keep what it answers on a hot path. */
export interface Family<Series> {
  with(labels: Labels): Series;
}

export interface Registry {
  /** `name` without "_total", which the samples carry. */
  counter(name: string, about: string): Family<Counter>;
  gauge(name: string, about: string): Family<Gauge>;
  /** `bounds`: upper bounds of the buckets in ascending order, without infinity. */
  histogram(name: string, about: string, bounds: readonly number[]): Family<Histogram>;
  /** A gauge, or a counter, whose value is asked for when the metrics are printed. */
  ask(name: string, type: "gauge" | "counter", about: string, value: () => number): void;
  /** Everything as OpenMetrics text, ending with "# EOF". */
  print(): string;
  /** What was counted here since the last time, for the registries of other processes. */
  take(): Counts;
  /** All counts, others' too. */
  all(): Counts;
  /** Adds what another process has counted. */
  absorb(counts: Counts): void;
}

/** Bounds in seconds from 100 µs to 10 s: a cheap check takes microseconds, a slow server its whole deadline. */
export const durationBounds: readonly number[] = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

interface Printable {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly about: string;
  lines(): string[];
  counts?(from: "take" | "all"): Readonly<Record<string, Count>>;
  absorb?(counts: Readonly<Record<string, Count>>): void;
}

export function openRegistry(): Registry {
  const families = new Map<string, Printable>();

  function register<Family extends Printable>(family: Family): Family {
    if (!/^[a-z][a-z\d_]*$/.test(family.name)) throw new TypeError(`"${family.name}" is no name of a metric`);
    if (families.has(family.name)) throw new TypeError(`the metric ${family.name} is declared twice`);
    families.set(family.name, family);
    return family;
  }

  function counts(from: "take" | "all"): Counts {
    const all: Record<string, Readonly<Record<string, Count>>> = {};
    for (const { name, counts } of families.values()) {
      const counted = counts?.(from);
      if (counted !== undefined && Object.keys(counted).length > 0) all[name] = counted;
    }
    return all;
  }

  return {
    take: () => counts("take"),
    all: () => counts("all"),
    absorb(all) {
      for (const [name, counted] of Object.entries(all)) families.get(name)?.absorb?.(counted);
    },
    counter: (name, about) => register(family(name, "counter", about, openCounter)),
    gauge: (name, about) => register(family(name, "gauge", about, openGauge)),
    histogram: (name, about, bounds) => register(family(name, "histogram", about, () => openHistogram(bounds))),
    ask(name, type, about, value) {
      const suffix = type === "counter" ? "_total" : "";
      register({ name, type, about, lines: () => [`${name}${suffix} ${numeral(value())}`] });
    },
    print() {
      const lines: string[] = [];
      for (const { name, type, about, lines: samples } of families.values()) {
        lines.push(`# TYPE ${name} ${type}`, `# HELP ${name} ${escapeText(about)}`);
        for (const sample of samples()) lines.push(sample);
      }
      lines.push("# EOF", "");
      return lines.join("\n");
    },
  };
}

interface Sampled {
  samples(name: string, labels: string): string[];
  /** What was added here since the last time; undefined when there is nothing. */
  take?(): Count | undefined;
  all?(): Count;
  absorb?(count: Count): void;
}

function family<Series extends Sampled>(name: string, type: Printable["type"], about: string, open: () => Series) {
  const series = new Map<string, Series>();
  function find(key: string): Series {
    let found = series.get(key);
    if (found === undefined) {
      found = open();
      series.set(key, found);
    }
    return found;
  }
  return {
    name,
    type,
    about,
    with: (labels: Labels) => find(printLabels(labels)),
    counts(from: "take" | "all") {
      const counts: Record<string, Count> = {};
      for (const [key, one] of series) {
        const count = one[from]?.();
        if (count !== undefined) counts[key] = count;
      }
      return counts;
    },
    absorb(counts: Readonly<Record<string, Count>>) {
      for (const [key, count] of Object.entries(counts)) find(key).absorb?.(count);
    },
    lines: () => [...series].flatMap(([labels, one]) => one.samples(name, labels)),
  };
}

function openCounter(): Counter & Sampled {
  let value = 0;
  /** Of the value, what other processes know. */
  let known = 0;
  return {
    get value() {
      return value;
    },
    add(by = 1) {
      value += by;
    },
    take() {
      const fresh = value - known;
      known = value;
      return fresh === 0 ? undefined : fresh;
    },
    all: () => value,
    absorb(count) {
      if (typeof count !== "number") return;
      value += count;
      known += count;
    },
    samples: (name, labels) => [`${name}_total${braces(labels)} ${numeral(value)}`],
  };
}

function openGauge(): Gauge & Sampled {
  let value = 0;
  return {
    set(to) {
      value = to;
    },
    samples: (name, labels) => [`${name}${braces(labels)} ${numeral(value)}`],
  };
}

function openHistogram(bounds: readonly number[]): Histogram & Sampled {
  const infinity = bounds.length;
  /** Behind the buckets is the sum of the values. */
  const counted = new Float64Array(infinity + 2);
  /** Of these, what other processes know. */
  const known = counted.slice();
  let changed = false;
  /** Where `counted` is another than `than`. */
  function differences(than: Float64Array | undefined): number[] {
    const pairs: number[] = [];
    for (let at = 0; at < counted.length; at++) {
      const difference = (counted[at] ?? 0) - (than?.[at] ?? 0);
      if (difference !== 0) pairs.push(at, difference);
    }
    return pairs;
  }
  const countAll = () => counted.subarray(0, infinity + 1).reduce((sum, inside) => sum + inside, 0);
  return {
    observe(value) {
      let at = 0;
      while (at < infinity && value > (bounds[at] ?? Number.POSITIVE_INFINITY)) at += 1;
      counted[at] = (counted[at] ?? 0) + 1;
      counted[infinity + 1] = (counted[infinity + 1] ?? 0) + value;
      changed = true;
    },
    get mean() {
      return (counted[infinity + 1] ?? 0) / Math.max(1, countAll());
    },
    take() {
      if (!changed) return undefined;
      const fresh = differences(known);
      known.set(counted);
      changed = false;
      return fresh;
    },
    all: () => differences(undefined),
    absorb(count) {
      if (typeof count === "number") return;
      for (let i = 0; i < count.length; i += 2) {
        const [at = -1, value = 0] = [count[i], count[i + 1]];
        counted[at] = (counted[at] ?? 0) + value;
        known[at] = (known[at] ?? 0) + value;
      }
    },
    samples(name, labels) {
      const lines: string[] = [];
      const before = labels === "" ? "" : `${labels},`;
      const sum = counted[infinity + 1] ?? 0;
      let count = 0;
      for (const [at, inside] of counted.subarray(0, infinity + 1).entries()) {
        count += inside;
        const bound = bounds[at];
        lines.push(`${name}_bucket{${before}le="${bound === undefined ? "+Inf" : float(bound)}"} ${numeral(count)}`);
      }
      lines.push(`${name}_count${braces(labels)} ${numeral(count)}`, `${name}_sum${braces(labels)} ${numeral(sum)}`);
      return lines;
    },
  };
}

function printLabels(labels: Labels): string {
  const names = Object.keys(labels).sort();
  return names.map((name) => `${name}="${escapeText(labels[name] ?? "")}"`).join(",");
}

function braces(labels: string): string {
  return labels === "" ? "" : `{${labels}}`;
}

/** OpenMetrics 1.0, "Label": backslash, quote and line feed are escaped. */
function escapeText(text: string): string {
  return text.replace(/[\\"\n]/g, (char) => (char === "\n" ? "\\n" : `\\${char}`));
}

function numeral(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
}

/** OpenMetrics 1.0, "Considerations: Canonical Numbers": bounds always look like floats. */
function float(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
