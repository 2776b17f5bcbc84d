// A check is one declaration and one function. It reads some facts, may need other checks, raises symbols, and
// leaves a finding for the checks that need it.

import type { Section, SectionValue } from "./config/schema.ts";
import type { Dns } from "./dns/dns.ts";
import type { Label, LessonOrigin } from "./learning/learner.ts";
import type { Log } from "./log.ts";
import type { Queue } from "./queue/queue.ts";
import type { Store } from "./store/store.ts";
import type { Envelope, FactName, Facts, Url } from "./task.ts";
import type { AuthenticationResult, Changes } from "./verdict.ts";

/**
 * `pre` may end the scan early, `filter` looks, `classify` learns from what was seen, `post` acts on it. `sign` comes when
 * all is decided, and only for mail that goes out: its symbols have no weight, and of its changes only signatures and
 * further headers are made. `idle` runs after the answer.
 */
export type Stage = "pre" | "filter" | "classify" | "post" | "sign" | "idle";
export const stages: readonly Stage[] = ["pre", "filter", "classify", "post", "sign", "idle"];

/** What asking costs: nothing to speak of, a wait for somebody else's server, or time of our own. */
export type Cost = "cheap" | "remote" | "heavy";

/** A symbol is declared by the one check that raises it; configuration may override all but `about`. */
export interface SymbolSpec {
  /** Added to the score of a message for a hit of factor 1. */
  readonly score: number;
  /** What raises it, in one line for a postmaster. */
  readonly about: string;
  /** Default: the group of its check. */
  readonly group?: string;
  /** So many hits count; further ones only raise the score to the largest of them. Default 1. */
  readonly shots?: number;
  /** Largest factor that a hit may carry. Default 1. */
  readonly factor?: number;
  /** A hit may carry a `result`: the verdict stays open while a check with such a symbol has not answered. */
  readonly decides?: true;
  /** It is the opinion of a classifier that was taught: beside it rules of style count less (coordinator/scores.ts). */
  readonly taught?: true;
}

/** A symbol that configuration names: a rule, a list, a scanner. */
export interface ConfiguredSymbol extends SymbolSpec {
  /** Where configuration names it: "regexp.BAD_WORDS". What is wrong with it is reported there. */
  readonly key: string;
}

/** A decision that does not come from the score. The highest priority wins; `least` only ever raises the action. */
export interface Result {
  readonly action: string;
  /** Shown to the sending server. */
  readonly message?: string;
  readonly score?: number;
  readonly least?: boolean;
  /** 0 to 10. Default 5. */
  readonly priority?: number;
  /** Nothing more is asked, and the score is the threshold of the action. */
  readonly skip?: true;
}

export interface HitDetail {
  /** Multiplies the symbol's score. Default 1. */
  readonly factor?: number;
  /** What an operator wants to know: a domain, a file name. Shown in the verdict, never message text. */
  readonly options?: readonly string[];
  readonly result?: Result;
}

/** A symbol that fired. */
export interface Hit extends HitDetail {
  readonly symbol: string;
}

/** What any finding may hold beside what is its own: the coordinator takes it over into the verdict. */
export interface Finding {
  /** What the mail server is asked to change. Of two checks that change one thing, the later by name has its way. */
  readonly changes?: Partial<Changes>;
  /** For the header Authentication-Results. */
  readonly authentication?: readonly AuthenticationResult[];
  /** URLs that are no fact, for they were found late: in a file, in a code. Of a check that `bringsUrls`. */
  readonly urls?: readonly Url[];
  /** What the actors that learn are to make of the mail when its verdict is out. */
  readonly lesson?: { readonly label: Label; readonly origin: LessonOrigin };
}

/** What each check leaves for the checks that need it. A check with a finding adds itself here where it is declared:
 *  `declare module "../../shared/check.ts" { interface Findings { SPF_CHECK: SpfFinding } }` */
// biome-ignore lint/suspicious/noEmptyInterface: open for checks to declare their finding
export interface Findings {}

export type Sections = Readonly<Record<string, Section>>;
export type ConfigOf<S extends Sections> = { readonly [K in keyof S]: SectionValue<S[K]> };

/** A task as a check sees it: what it declared to read, and nothing else. */
export type TaskView<Reads extends FactName> = {
  readonly id: string;
  readonly envelope: Envelope;
} & Pick<Facts, Reads>;

/** The world as a check sees it. */
export interface Context<Symbols extends string, Needs extends keyof Findings, Config> {
  readonly config: Config;
  /** Fires at the deadline. */
  readonly signal: AbortSignal;
  /** Time of the task, ms since 1970. The same for all checks of a message. */
  readonly now: number;
  readonly log: Log;
  readonly dns: Dns;
  readonly store: Store;
  readonly queue: Queue;
  hit(symbol: Symbols, detail?: HitDetail): void;
  /** Raises a symbol that `configured` named for this configuration. */
  hitConfigured(symbol: string, detail?: HitDetail): void;
  /** What a needed check found; undefined when it failed or is off. */
  finding<Name extends Needs>(check: Name): Findings[Name] | undefined;
}

// biome-ignore lint/suspicious/noConfusingVoidType: a check without a finding returns nothing at all
type FindingOf<Name extends string> = Name extends keyof Findings ? Findings[Name] | undefined : void;

export interface CheckSpec<
  Name extends string,
  Reads extends FactName,
  Needs extends keyof Findings,
  Symbols extends Readonly<Record<string, SymbolSpec>>,
  Config extends Sections,
> {
  readonly name: Name;
  readonly about: string;
  readonly stage: Stage;
  readonly group: string;
  readonly reads: readonly Reads[];
  readonly needs?: readonly Needs[];
  readonly cost?: Cost;
  /** A list among the facts that it reads: when that is empty there is nothing to do, and the check is not asked. */
  readonly wants?: Reads;
  /** Its finding may hold URLs. Of the stage `filter`, as is whoever follows them. */
  readonly bringsUrls?: true;
  /**
   * It looks at each URL by itself. When findings brought URLs that are not among the facts, it is asked once more with
   * those as `urls`; the texts, pages, addresses and attachments, which it has seen, are empty then.
   */
  readonly followsUrls?: "urls" extends Reads ? true : never;
  /** Sections of configuration that it reads; the actor names them too. */
  readonly config?: Config;
  readonly symbols: Symbols;
  /**
   * Further symbols, which this configuration names; null when it leaves the check nothing to do: then the check is not
   * asked. Called at start and after each change, also where the check does not run. It must be quick and not throw.
   */
  configured?(config: ConfigOf<Config>): Readonly<Record<string, ConfiguredSymbol>> | null;
  run(
    task: TaskView<Reads>,
    ctx: Context<keyof Symbols & string, Needs, ConfigOf<Config>>,
  ): FindingOf<Name> | Promise<FindingOf<Name>>;
}

/** A check as the runtime and the planner see it, whatever it reads and raises. */
export interface Check {
  readonly name: string;
  readonly about: string;
  readonly stage: Stage;
  readonly group: string;
  readonly reads: readonly FactName[];
  readonly needs: readonly string[];
  readonly cost: Cost;
  readonly wants?: FactName;
  readonly bringsUrls?: true;
  readonly followsUrls?: true;
  readonly config: Sections;
  /** With those that configuration names, once `withConfigured` has looked (shared/configured.ts). */
  readonly symbols: Readonly<Record<string, SymbolSpec>>;
  /** Configuration leaves it nothing to do. */
  readonly off?: true;
  configured?(config: unknown): Readonly<Record<string, ConfiguredSymbol>> | null;
  run(task: TaskView<FactName>, ctx: Context<string, never, unknown>): unknown;
}

/** Declares a check. A mistyped symbol, fact, need or configuration key in `run` does not compile. */
export function defineCheck<
  const Name extends string,
  const Reads extends FactName,
  const Symbols extends Readonly<Record<string, SymbolSpec>>,
  Needs extends keyof Findings = never,
  // biome-ignore lint/complexity/noBannedTypes: no sections at all
  Config extends Sections = {},
>(spec: CheckSpec<Name, Reads, Needs, Symbols, Config>): Check {
  const { needs = [], cost = "cheap", config = {}, configured: _, ...rest } = spec;
  // The runtime hands a check the facts that it reads and the sections that it names: what `spec.run` expects.
  const run = spec.run.bind(spec) as Check["run"];
  const check: Check = { ...rest, needs, cost, config, run };
  if (spec.configured === undefined) return check;
  return { ...check, configured: spec.configured.bind(spec) as NonNullable<Check["configured"]> };
}
