// Media types of the parts: usual in mail, harmless, dangerous, unknown.

import { defineCheck } from "../../shared/check.ts";
import { mimeTypesConfig } from "../../shared/message/mime-types-config.ts";
import type { Part } from "../../shared/task.ts";

type Weights = Readonly<Record<string, number>>;

/** Weight of a type, of its family ("image/*") when it is not listed; undefined for neither. */
function weightOf(type: string, weights: Weights): number | undefined {
  const own = Object.hasOwn(weights, type) ? weights[type] : undefined;
  if (own !== undefined) return own;
  const family = `${type.slice(0, type.indexOf("/"))}/*`;
  return Object.hasOwn(weights, family) ? weights[family] : undefined;
}

/** A part that is something worse than it says is worse than one that says it (R 3.8). */
const disguise = 1.5;

interface Found {
  readonly type: string;
  readonly weight: number | undefined;
}

function judge(part: Part, weights: Weights): Found {
  const declared = weightOf(part.type, weights);
  if (part.detected === "" || part.detected === part.type) return { type: part.type, weight: declared };
  const detected = weightOf(part.detected, weights) ?? 0;
  if (detected <= Math.max(declared ?? 0, 0)) return { type: part.type, weight: declared };
  return { type: part.detected, weight: detected * disguise };
}

export const mimeTypes = defineCheck({
  name: "MIME_TYPES_CALLBACK",
  about: "Judges the declared and the detected type of each part.",
  stage: "filter",
  group: "mime_types",
  reads: ["structure"],
  config: mimeTypesConfig,
  symbols: {
    MIME_GOOD: { score: -0.1, about: "A part has a type that is usual in mail." },
    MIME_BAD: { score: 1, about: "A part has a dangerous type.", factor: 12 },
    MIME_UNKNOWN: { score: 0.1, about: "A part has a type that is not known." },
    MIME_TRACE: { score: 0, about: "Each part: + usual, ~ neither, - dangerous." },
  },
  run(task, ctx) {
    const weights = ctx.config.mime_types.types;
    const trace: string[] = [];
    for (const part of task.structure.parts) {
      const { type, weight } = judge(part, weights);
      let mark = "~";
      if (weight === undefined) ctx.hit("MIME_UNKNOWN", { options: [type] });
      else if (weight > 0) {
        mark = "-";
        ctx.hit("MIME_BAD", { factor: weight, options: [type] });
      } else if (weight < 0) {
        mark = "+";
        ctx.hit("MIME_GOOD", { options: [type] });
      }
      trace.push(`${part.id}:${mark}`);
    }
    ctx.hit("MIME_TRACE", { options: trace });
  },
});
