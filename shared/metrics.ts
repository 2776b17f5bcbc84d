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
}

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
}

export function openRegistry(): Registry {
  const families = new Map<string, Printable>();

  function register<Family extends Printable>(family: Family): Family {
    if (!/^[a-z][a-z\d_]*$/.test(family.name)) throw new TypeError(`"${family.name}" is no name of a metric`);
    if (families.has(family.name)) throw new TypeError(`the metric ${family.name} is declared twice`);
    families.set(family.name, family);
    return family;
  }

  return {
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
}

function family<Series extends Sampled>(name: string, type: Printable["type"], about: string, open: () => Series) {
  const series = new Map<string, Series>();
  return {
    name,
    type,
    about,
    with(labels: Labels): Series {
      const key = printLabels(labels);
      let found = series.get(key);
      if (found === undefined) {
        found = open();
        series.set(key, found);
      }
      return found;
    },
    lines: () => [...series].flatMap(([labels, one]) => one.samples(name, labels)),
  };
}

function openCounter(): Counter & Sampled {
  let value = 0;
  return {
    get value() {
      return value;
    },
    add(by = 1) {
      value += by;
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
  const buckets = new Float64Array(bounds.length + 1);
  let sum = 0;
  return {
    observe(value) {
      let at = 0;
      while (at < bounds.length && value > (bounds[at] ?? Number.POSITIVE_INFINITY)) at += 1;
      buckets[at] = (buckets[at] ?? 0) + 1;
      sum += value;
    },
    samples(name, labels) {
      const lines: string[] = [];
      const before = labels === "" ? "" : `${labels},`;
      let count = 0;
      for (const [at, inside] of buckets.entries()) {
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
