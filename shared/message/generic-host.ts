// Host names that a provider gives to its customers' lines by the thousand, as their words tell.

/** What a word says when it stands beside a number in a host name: 5 a dialled or changing line, 1 hardly anything. */
const weights: ReadonlyMap<string, number> = new Map(
  Object.entries({
    5: "adsl ads catv cable cablemodem dial dialin dialup dialups dip dyn dynamic dynamicip homeuser nat ppp pppoe",
    4: "broadband cpe dhcp dsl dslam fttb ftth fttx gprs lte mobile modem pool pools pppoa vdsl wimax xdsl",
    3: "cust customer customers docsis gpon hfc home internet lan residential ufa unused user users wifi wireless",
    2: "client clients host hsd ip line node static sta subscriber unassigned",
    1: "abo access addr area bb city kv net pc port rev reverse vlan",
  }).flatMap(([weight, words]) => words.split(" ").map((word) => [word, Number(weight)] as const)),
);

/** Servers bear such names too: whoever says so is none of a provider's customers. */
const servers = new Set("mail mx mta smtp out outbound relay server vps cloud ns www mailout email".split(" "));

/** Names of hosts are no longer (RFC 1035, 2.3.4). */
const longest = 255;
/** Labels that are the provider's name, not the line's. */
const providerLabels = 2;

/**
 * How much a host name looks like that of a line, from 0 to 5. Counts words of the labels below the domain, in a name
 * that also has a number there: "pool-1-2.example.net", and not "dynamic.example.net".
 */
export function lineWeight(host: string): number {
  if (host.length > longest) return 0;
  const labels = host.toLowerCase().split(".");
  if (labels.length <= providerLabels) return 0;
  const words = labels
    .slice(0, -providerLabels)
    .join("-")
    .split(/[-_]+|(?<=\d)(?=[a-z])|(?<=[a-z])(?=\d)/);
  let weight = 0;
  let numbers = 0;
  for (const word of words) {
    if (servers.has(word)) return 0;
    if (word !== "" && word.charCodeAt(0) <= 57) numbers++;
    else weight = Math.max(weight, weights.get(word) ?? 0);
  }
  if (numbers === 0) return 0;
  // The four numbers of an address need no word beside them.
  return weight === 0 && numbers >= 4 ? 1 : weight;
}
