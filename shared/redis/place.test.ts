import assert from "node:assert/strict";
import { test } from "node:test";
import { configOf } from "../config/live.ts";
import { parseTree } from "../config/ucl.ts";
import { validate } from "../config/validate.ts";
import { redisConfig } from "./config.ts";
import { type Place, placeName, placesOf } from "./place.ts";

const places = (text: string) => placesOf(configOf(redisConfig, text).get(redisConfig).redis);
const names = (text: string) => {
  const { truth, replica, caches, warnings } = places(text) ?? assert.fail("no Redis");
  const name = (place: Place | undefined) => place && placeName(place);
  return [name(truth), name(replica), name(caches), warnings.length];
};

test("without servers there is no Redis", () => {
  for (const text of ["", "redis {}", 'redis { servers = "" }', "redis { servers = [] }", "redis { timeout = 1s }"]) {
    assert.equal(places(text), undefined, text);
  }
});

test("servers as operators write them, and as Rspamd reads them", () => {
  const cases: [string, unknown[]][] = [
    ['servers = "127.0.0.1"', ["Redis 127.0.0.1:6379", undefined, "Redis 127.0.0.1:6379", 0]],
    ['servers = "[::1]:7000"', ["Redis [::1]:7000", undefined, "Redis [::1]:7000", 0]],
    ['servers = "/run/redis.sock"', ["Redis /run/redis.sock", undefined, "Redis /run/redis.sock", 0]],
    ['servers = "master-slave:a,b"', ["Redis a:6379", "Redis b:6379", "Redis a:6379", 0]],
    ['servers = "a,b"', ["Redis a:6379", undefined, "Redis a:6379", 1]],
    ['servers = "a"; read_servers = "b:7000"', ["Redis a:6379", "Redis b:7000", "Redis a:6379", 0]],
    ['servers = "b"; write_servers = "a"', ["Redis a:6379", "Redis b:6379", "Redis a:6379", 0]],
    ['servers = "a"; cache_servers = "c"', ["Redis a:6379", undefined, "Redis c:6379", 0]],
    [
      'servers = ["a:7000", "b"]; cluster = yes',
      ["Redis Cluster a:7000, b:6379", undefined, "Redis Cluster a:7000, b:6379", 0],
    ],
    [
      'sentinels = "s,t"; sentinel_master = "m"; servers = "x"; cache_servers = "c"',
      [
        "Redis m, by sentinels s:26379, t:26379",
        "Redis replica of m, by sentinels s:26379, t:26379",
        "Redis c:6379",
        0,
      ],
    ],
  ];
  for (const [text, expected] of cases) assert.deepEqual(names(`redis { ${text} }`), expected, text);
});

test("what does not make a whole is refused", () => {
  for (const [text, message] of [
    ['read_servers = "a"', /^redis.read_servers: nothing says where/],
    ['read_servers = "a"; cache_servers = "b"', /^redis.read_servers: nothing says where/],
    ['sentinels = "a"; cluster = yes', /^redis.cluster: /],
    ['servers = "a"; cluster = yes; db = 1', /^redis.db: /],
  ] as const) {
    assert.throws(() => places(`redis { ${text} }`), { code: "bad-config", message }, text);
  }
});

test("a value that cannot be is an error with its place", () => {
  for (const text of [
    'servers = "a:b:c:d"',
    'cache_servers = "a,b"',
    'prefix = "a{b"',
    "timeout = 1ms",
    "servers = 5",
  ]) {
    assert.throws(() => configOf(redisConfig, `redis { ${text} }`), { code: "bad-config" }, text);
  }
});

test("a section of Rspamd's: what means the same holds, the rest is listed", () => {
  const text = `redis { servers = "master-slave:127.0.0.1,10.0.1.1"; dbname = "2"; timeout = 2; password = "p";
    disabled_modules = ["ratelimit"]; expand_keys = true; sentinel_watch_time = 30s; version = 6; }`;
  const { problems, unsupported } = validate(parseTree(text).root, redisConfig);
  assert.deepEqual(problems, []);
  const { db, timeout, password } = configOf(redisConfig, text).get(redisConfig).redis;
  assert.deepEqual([db, timeout, password], [2, 2_000, "p"]);
  assert.deepEqual(unsupported.map(({ name }) => name).sort(), [
    "redis.disabled_modules",
    "redis.expand_keys",
    "redis.sentinel_watch_time",
    "redis.version",
  ]);
});
