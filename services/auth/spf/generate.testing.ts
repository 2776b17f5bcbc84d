// Domains with made-up SPF records, and questions about them. The same seed makes the same.

import type { SpfQuestion } from "./evaluate.ts";
import type { SuiteZone } from "./suite-zone.testing.ts";

export interface Generated {
  readonly zone: SuiteZone;
  readonly questions: readonly SpfQuestion[];
}

const clients = ["192.0.2.1", "192.0.2.77", "198.51.100.9", "2001:db8::1", "2001:db8:ffff::99"];

/** Numbers of [0, 1) (a linear congruential generator modulo 2^32). */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Hosts, exchanges and reverse names that records lead to. */
const fixed: SuiteZone = {
  "one.host.example": [{ A: "192.0.2.1" }],
  "two.host.example": [{ A: "192.0.2.77" }, { AAAA: "2001:db8::1" }],
  "six.host.example": [{ AAAA: "2001:db8:ffff::99" }],
  "far.host.example": [{ A: "203.0.113.1" }, { AAAA: "2001:db8:2::1" }],
  "text.host.example": [{ TXT: "no address" }],
  "alias.host.example": [{ CNAME: "two.host.example" }],
  "circle.host.example": [{ CNAME: "circle.host.example" }],
  "slow.host.example": ["TIMEOUT"],
  "mail.host.example": [{ MX: [10, "far.host.example"] }, { MX: [20, "two.host.example"] }],
  "none.host.example": [{ MX: [0, "."] }],
  "slowmail.host.example": [{ MX: [10, "one.host.example"] }, { MX: [20, "slow.host.example"] }],
  "1.2.0.192.in-addr.arpa": [{ PTR: "one.host.example" }, { PTR: "gone.host.example" }],
  "77.2.0.192.in-addr.arpa": [{ PTR: "far.host.example" }, { PTR: "two.host.example" }],
  "9.100.51.198.in-addr.arpa": ["TIMEOUT"],
  "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa": [{ PTR: "two.host.example" }],
  "192.0.2.1.list.example": [{ A: "127.0.0.2" }],
  "9.100.51.198.in-addr.list.example": [{ A: "127.0.0.2" }],
  "mary.anne.list.example": [{ A: "127.0.0.2" }],
  "two.host.example.list.example": [{ A: "127.0.0.2" }],
};

const allHosts = Object.keys(fixed).filter((name) => name.endsWith(".host.example"));
const goodHosts = allHosts.filter((name) => !/^(?:slow|circle)/.test(name));
const hosts = [...goodHosts, ...goodHosts, ...goodHosts, ...allHosts];

const targets = [
  "%{i}.list.example", "%{ir}.%{v}.list.example", "%{l1r-}.%{l-}.list.example", "%{lr+}.list.example", "%{p}.list.example",
  "%{o}.list.example", "%{d2}", "%{h}", "%{S}.list.example", "gone.example", "%{l}", "two.host.example", "%%.list.example",
]; // biome-ignore format: a list

const broken = [
  "ip4:192.0.2.300", "ip4:192.0.2.0/33", "ip6:2001:db8::/129", "a:example", "mx:", "include", "exists", "all:x", "ptr/24",
  "a:%{x}.example", "a:%{d0}.example", "exp=", "redirect=", "ipv4:192.0.2.1", "a:%.example", "a//129", "include:a.123",
]; // biome-ignore format: a list

/** `domains` names with a record, and each client asked about for each of them. */
export function generate(seed: number, domains: number): Generated {
  const random = randomOf(seed);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const names = Array.from({ length: domains }, (_, index) => `d${index}.example`);
  // Mostly to names that come later, so that records that include each other stay few.
  const other = (index: number) =>
    random() < 0.1 ? pick(names) : (names[index + 1 + Math.floor(random() * 9)] ?? "d0.example");
  const term = (index: number): string => {
    const roll = random();
    if (roll < 0.2)
      return `ip4:${pick(["192.0.2.0/24", "192.0.2.77", "198.51.100.8/31", "203.0.113.0/24", "192.0.2.1/32"])}`;
    if (roll < 0.3) return `ip6:${pick(["2001:db8::/32", "2001:DB8:ffff::/48", "2001:db8:3::1", "::ffff:192.0.2.1"])}`;
    if (roll < 0.45)
      return pick(["a", "A", `a:${pick(hosts)}`, `a:${pick(hosts)}/24//48`, "a//64", `a:${pick(targets)}`]);
    if (roll < 0.57) return pick(["mx", `mx:${pick(hosts)}`, `mx:${pick(hosts)}/28`, "mx:many.example"]);
    if (roll < 0.77) return `include:${other(index)}`;
    if (roll < 0.88) return `exists:${pick(targets)}`;
    if (roll < 0.93) return pick(["ptr", "ptr:host.example", "ptr:two.host.example"]);
    if (roll < 0.97) return pick(["x-note=%{i}", "exp=why.example", "y=", "Z.1=a/b:c"]);
    return random() < 0.5 ? pick(broken) : "all";
  };
  const record = (index: number): string => {
    const terms = Array.from({ length: Math.floor(random() * 6) }, () => {
      const written = term(index);
      return written.includes("=") ? written : `${pick(["", "", "", "+", "-", "?", "~"])}${written}`;
    });
    const end = random();
    if (end < 0.7) terms.push(pick(["-all", "~all", "?all"]));
    else if (end < 0.85) terms.push(`redirect=${other(index)}`);
    return ["v=spf1", ...terms].join(random() < 0.9 ? " " : "  ");
  };
  const made = names.map((name, index): [string, SuiteZone[string]] => {
    const roll = random();
    if (roll < 0.02) return [name, ["TIMEOUT"]];
    if (roll < 0.04) return [name, [{ TXT: "another text" }]];
    const entries: Record<string, unknown>[] = [{ TXT: record(index) }];
    if (random() < 0.03) entries.push({ TXT: record(index) });
    if (random() < 0.4) entries.push({ A: pick(["192.0.2.77", "203.0.113.5"]) });
    if (random() < 0.4) entries.push({ MX: [10, pick(hosts)] });
    return [name, entries];
  });
  const many = Array.from({ length: 11 }, (_, index) => ({ MX: [index, "far.host.example"] }));
  const zone = { ...fixed, "many.example": many, ...Object.fromEntries(made) };
  const questions = names.flatMap((domain) =>
    clients.map((ip) => {
      const sender = `${pick(["mary-anne", "mary.anne", "joe", "a+b"])}@${domain}`;
      return { ip, helo: "one.host.example", sender, domain };
    }),
  );
  return { zone, questions };
}
