// What every driver must do with events. Part of `busConformance`.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Clients, openGate, stopAll, topic } from "./conformance-steps.ts";

export function eventConformance(given: () => Clients): void {
  test("an event reaches every subscriber, in order, and none that has stopped", async () => {
    const { asker, server } = given();
    const news = topic<{ n: number }>();
    const heard: string[] = [];
    const all = openGate();
    const listen = (who: string) => (event: { n: number }) => {
      heard.push(`${who}${event.n}`);
      if (heard.filter((line) => line.endsWith("3")).length === 2) all.open();
    };
    const servings = [await server.subscribe(news, listen("a")), await asker.subscribe(news, listen("b"))];
    const quit = await server.subscribe(news, listen("c"));
    await quit.stop();
    for (const n of [1, 2, 3]) asker.publish(news, { n });
    await all.opens;
    assert.deepEqual(heard.sort(), ["a1", "a2", "a3", "b1", "b2", "b3"]);
    await stopAll(servings);
  });

  test("an event to nobody is no fault", () => {
    const { asker } = given();
    asker.publish(topic<string>(), "into the void");
  });

  test("a subscriber that throws hurts nobody", async () => {
    const { asker, server } = given();
    const news = topic<string>();
    const heard = openGate<string>();
    const servings = [
      await server.subscribe(news, () => {
        throw new Error("thrown by a subscriber");
      }),
      await server.subscribe(news, async () => {
        throw new Error("rejected by a subscriber");
      }),
      await server.subscribe(news, (event) => {
        if (event === "second") heard.open(event);
      }),
    ];
    asker.publish(news, "first");
    asker.publish(news, "second");
    assert.equal(await heard.opens, "second");
    await stopAll(servings);
  });
}
