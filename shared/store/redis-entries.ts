// Keys, counters, buckets and lists in Redis: strings, strings, hashes and lists, each under one key.

import { Fault } from "../fault.ts";
import type { Link } from "../redis/link.ts";
import { runScript, script } from "../redis/script.ts";
import { checkBucket, checkKey, checkPut, checkSize, checkTtl, checkWhole, listLimit } from "./limits.ts";
import type { Store } from "./store.ts";

/** INCRBY with the limits of a number that JavaScript holds, and a time to live that counts from the first time. */
const increment = script(`
local now = redis.call('GET', KEYS[1])
if now and (#now > 17 or not string.find(now, '^-?%d+$')) then return redis.error_reply('it does not hold a counter') end
local sum = tonumber(now or 0) + tonumber(ARGV[1])
if sum > 9007199254740991 or sum < -9007199254740991 then return redis.error_reply('the counter would be too large') end
sum = redis.call('INCRBY', KEYS[1], ARGV[1])
if not now and ARGV[2] ~= '' then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return sum`);

/** A leaky bucket: l is what is in it, t since when (ms). Without a clock of the caller's the server's own. */
const pour = script(`
local capacity, leak, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local clock = redis.call('TIME')
local here = clock[1] * 1000 + math.floor(clock[2] / 1000)
local now = ARGV[4] == '' and here or tonumber(ARGV[4])
local kept = redis.call('HMGET', KEYS[1], 'l', 't')
local since = tonumber(kept[2] or now)
local level = math.max(0, tonumber(kept[1] or 0) - math.max(0, now - since) / 1000 * leak)
local after = math.max(0, level + cost)
if cost > 0 and after > capacity then return { 0, string.format('%.17g', level) } end
if cost ~= 0 then
  since = math.max(now, since)
  redis.call('HSET', KEYS[1], 'l', string.format('%.17g', after), 't', string.format('%.17g', since))
  redis.call('PEXPIRE', KEYS[1], string.format('%.0f', math.min(1e14, math.max(0, since - here) + math.ceil(after / leak * 1000) + 1)))
end
return { 1, string.format('%.17g', after) }`);

const push = script(`
redis.call('LPUSH', KEYS[1], ARGV[1])
redis.call('LTRIM', KEYS[1], 0, ARGV[2] - 1)
if ARGV[3] == '' then redis.call('PERSIST', KEYS[1]) else redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
return 1`);

/** ms that Redis can count; beyond it is for ever. */
const longest = 1e14;

type EntryOperations = Pick<
  Store,
  "get" | "getBytes" | "set" | "add" | "delete" | "expire" | "increment" | "pour" | "push" | "range" | "length"
>;

/** `looking` runs what may be a little old, where it is cheapest. */
export function entryOperations(link: Link, looking: Link["run"], prefix: string): EntryOperations {
  const at = (key: string) => {
    checkKey(key);
    return `${prefix}:k:${key}`;
  };

  return {
    async get(key) {
      const id = at(key);
      return (await link.run((client) => client.get(id))) ?? undefined;
    },
    async getBytes(key) {
      const id = at(key);
      const bytes = await link.run((client) => client.getBuffer(id));
      return bytes === null ? undefined : new Uint8Array(bytes);
    },
    async set(key, value, ttl) {
      const id = at(key);
      const content = checkPut(value, ttl);
      if (ttl >= longest) await link.run((client) => client.set(id, content));
      else await link.run((client) => client.set(id, content, "PX", Math.ceil(ttl)));
    },
    async add(key, value, ttl) {
      const id = at(key);
      const content = checkPut(value, ttl);
      const set =
        ttl >= longest
          ? link.run((client) => client.set(id, content, "NX"))
          : link.run((client) => client.set(id, content, "PX", Math.ceil(ttl), "NX"));
      return (await set) === "OK";
    },
    async delete(key) {
      const id = at(key);
      return (await link.run((client) => client.unlink(id))) === 1;
    },
    async expire(key, ttl) {
      const id = at(key);
      checkTtl(ttl);
      if (ttl < longest) return (await link.run((client) => client.pexpire(id, Math.ceil(ttl)))) === 1;
      // PERSIST alone does not tell what never expired from what is not there.
      return (await link.run((client) => Promise.all([client.persist(id), client.exists(id)])))[1] === 1;
    },
    async increment(key, by, ttl) {
      const id = at(key);
      checkTtl(ttl);
      checkWhole(by, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, "what is added");
      return Number(await link.run((client) => runScript(client, increment, [id], [by, milliseconds(ttl)])));
    },
    async pour(key, bucket) {
      const id = at(key);
      checkBucket(bucket);
      const { capacity, leak, cost, now = "" } = bucket;
      const poured = await link.run((client) => runScript(client, pour, [id], [capacity, leak, cost, now]));
      if (!Array.isArray(poured)) throw new Fault("failed", "Redis answered otherwise than its script");
      return { allowed: poured[0] === 1, level: Number(poured[1]) };
    },
    async push(key, value, length, ttl) {
      const id = at(key);
      checkTtl(ttl);
      checkWhole(length, 1, listLimit, "the length of a list");
      checkSize(Buffer.byteLength(value));
      await link.run((client) => runScript(client, push, [id], [value, length, milliseconds(ttl)]));
    },
    async range(key, start, count) {
      const id = at(key);
      return count <= 0 ? [] : looking((client) => client.lrange(id, start, start + count - 1));
    },
    async length(key) {
      const id = at(key);
      return looking((client) => client.llen(id));
    },
  };
}

/** As scripts take it: empty for ever. */
function milliseconds(ttl: number): string {
  return ttl >= longest ? "" : String(Math.ceil(ttl));
}
