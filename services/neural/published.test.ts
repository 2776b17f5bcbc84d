import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { configOf } from "../../shared/config/live.ts";
import { silent } from "../../shared/log.ts";
import { analyse } from "../../shared/message/analyse.ts";
import { redisConfig } from "../../shared/redis/config.ts";
import { placesOf } from "../../shared/redis/place.ts";
import { openRedisStore } from "../../shared/store/redis.ts";
import { startRedis } from "../../test/servers/redis.ts";
import { neuralConfig } from "./config.ts";
import { learner } from "./learner.ts";
import { openPublished } from "./published.ts";
import { judgeText } from "./text/judge.ts";

test("two instances share what one of them learned", async () => {
  const server = await startRedis();
  const { redis: config } = configOf(redisConfig, `redis { servers = "${server.address}"; timeout = 20s }`).get(
    redisConfig,
  );
  const places = placesOf(config) ?? assert.fail("no Redis");
  const [one, other] = [await openRedisStore({ config, places }), await openRedisStore({ config, places })];
  try {
    const elsewhere = await openPublished({ store: other, log: silent });
    assert.equal(elsewhere.text, null);
    const values = configOf(neuralConfig, "").get(neuralConfig);
    const place = { store: one, log: silent, config: () => values.neural };
    const facts = analyse(Buffer.from("From: A <a@x.example>\r\nSubject: roses\r\n\r\nRoses for the garden"));
    const features = learner.features({ envelope: { rcpts: [] }, ...facts }, place) ?? assert.fail("no features");
    const before = judgeText(facts, elsewhere.text, 0);
    const weighed = (await learner.weigh?.(features, "spam", place)) ?? assert.fail("not weighed");
    await learner.apply([{ kind: "learn", label: "spam", features: weighed, key: "k" }], place);
    const lessons = () => elsewhere.text?.lessons;
    while (lessons() === undefined) await pause(5);
    assert.deepEqual(lessons(), { spam: 1, ham: 0 });
    assert.ok(judgeText(facts, elsewhere.text, 0) > before);
  } finally {
    await one.close();
    await other.close();
    await server.close();
  }
});
