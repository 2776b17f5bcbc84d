import assert from "node:assert/strict";
import { test } from "node:test";
import { openRegistry } from "./metrics.ts";

test("counters, gauges and histograms as OpenMetrics text", () => {
  const registry = openRegistry();
  const scanned = registry.counter("scanned", "Mails.").with({});
  scanned.add();
  scanned.add(2);
  const actions = registry.counter("actions", 'By "type".');
  actions.with({ type: 'a "b"\\\n' }).add();
  actions.with({ type: 'a "b"\\\n' }).add();
  registry.gauge("level", "A level.").with({}).set(1.5);
  registry.ask("age_seconds", "gauge", "Age.", () => 7);
  const time = registry.histogram("time_seconds", "Time.", [0.1, 1]).with({ check: "X" });
  for (const value of [0.05, 0.1, 0.5, 3]) time.observe(value);
  assert.equal(
    registry.print(),
    `# TYPE scanned counter
# HELP scanned Mails.
scanned_total 3
# TYPE actions counter
# HELP actions By \\"type\\".
actions_total{type="a \\"b\\"\\\\\\n"} 2
# TYPE level gauge
# HELP level A level.
level 1.5
# TYPE age_seconds gauge
# HELP age_seconds Age.
age_seconds 7
# TYPE time_seconds histogram
# HELP time_seconds Time.
time_seconds_bucket{check="X",le="0.1"} 2
time_seconds_bucket{check="X",le="1.0"} 3
time_seconds_bucket{check="X",le="+Inf"} 4
time_seconds_count{check="X"} 4
time_seconds_sum{check="X"} 3.65
# EOF
`,
  );
});

test("a name is declared once, and is a name", () => {
  const registry = openRegistry();
  registry.counter("a", "A.");
  assert.throws(() => registry.gauge("a", "A."), /twice/);
  assert.throws(() => registry.gauge("a b", "A."), /no name/);
});

test("registries of several processes add up", () => {
  const open = () => {
    const registry = openRegistry();
    const count = registry.counter("mails", "Mails.").with({ type: "a" });
    const time = registry.histogram("time_seconds", "Time.", [1]).with({});
    registry.gauge("level", "A level.").with({}).set(1);
    return { registry, count, time };
  };
  const [one, other] = [open(), open()];
  one.count.add(2);
  other.count.add(3);
  other.time.observe(0.5);
  other.time.observe(2);
  one.registry.absorb(other.registry.take());
  assert.deepEqual(other.registry.take(), {});
  // What came from elsewhere is not told again.
  assert.deepEqual(one.registry.take(), { mails: { 'type="a"': 2 } });
  assert.deepEqual(one.registry.all(), { mails: { 'type="a"': 5 }, time_seconds: { "": [0, 1, 1, 1, 2, 2.5] } });
  assert.equal(one.time.mean, 1.25);
  const third = openRegistry();
  third.counter("mails", "Mails.");
  third.absorb(one.registry.all());
  assert.match(third.print(), /^mails_total\{type="a"\} 5$/m);
});
