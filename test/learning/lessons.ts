// Mails to learn from, made up by number, and a client that teaches a running filter with them.

export type Path = "/learnspam" | "/learnham" | "/unlearn";

const words =
  "order invoice meeting garden winter bicycle kettle harbour lantern pepper violin marble ticket saddle".split(" ");

/** A mail like no other: what is learned of one is not all learned of another. */
export function mailNumber(n: number): string {
  const own = Array.from({ length: 12 }, (_, i) => `${words[(n * 7 + i * 3) % words.length]}${n}x${i}`);
  const shared = Array.from({ length: 12 }, (_, i) => words[(n + i) % words.length]);
  const headers = `From: Sender ${n} <sender${n}@example.org>\nTo: <reader@example.net>\nSubject: ${own[0]} ${own[1]}\n`;
  return `${headers}Message-ID: <${n}@example.org>\n\n${[...own, ...shared].join(" ")}.\n`;
}

/** Status of the answer; undefined when there was none. */
export async function teach(controller: string, path: Path, mail: string): Promise<number | undefined> {
  try {
    const answer = await fetch(`${controller}${path}`, { method: "POST", body: mail });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return undefined;
  }
}

/** Lessons that the models hold; undefined when nobody says it. */
export async function learned(controller: string): Promise<number | undefined> {
  try {
    const answer = await fetch(`${controller}/stat`);
    return ((await answer.json()) as { learned: number }).learned;
  } catch {
    return undefined;
  }
}

/** Resolves when as many lessons are in the models. Tests have a time limit, which this has not. */
export async function untilLearned(controller: string, isEnough: (count: number) => boolean): Promise<void> {
  for (;;) {
    const count = await learned(controller);
    if (count !== undefined && isEnough(count)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
