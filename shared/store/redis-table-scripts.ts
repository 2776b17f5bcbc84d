// What changes a table in Redis, each in one step. Keys of a table, all of one hash tag:
//   meta    a hash: cells, bits; change, the number of the latest change; whole, the number of the latest that changed
//           everything; forgot, the number of the latest that forgot which keys had counted; hold and until, who is about
//           to replace the counters and up to when (ms since 1970, the server's clock) nobody else may change them
//   data    the counters as one string, as BITFIELD numbers them: big-endian
//   once    the number of the change in which a key counted
// A change is told on a channel: its number (8 bytes), then cells and values; nothing but the number means "read again".
// Numbers go up by one, from the ms since 1970 at which the table was made: one that is made anew, because its server was
// emptied, has none of the numbers that the one before it had.

import { script } from "../redis/script.ts";

/** meta; cells, bits. Answers with what the table has, which is this when it is new. */
export const openTable = script(`
if redis.call('EXISTS', KEYS[1]) == 0 then
  local clock = redis.call('TIME')
  local born = string.format('%.0f', clock[1] * 1000 + math.floor(clock[2] / 1000))
  redis.call('HSET', KEYS[1], 'cells', ARGV[1], 'bits', ARGV[2], 'change', born, 'whole', born, 'forgot', born)
end
return redis.call('HMGET', KEYS[1], 'cells', 'bits')`);

/** What the scripts below begin with: `change`, and answers of their own for a table that is gone, or held. */
const begin = `
local meta = redis.call('HMGET', KEYS[1], 'change', 'forgot', 'until')
if not meta[1] then return 'gone' end
local change = tonumber(meta[1]) + 1
if meta[3] then
  local clock = redis.call('TIME')
  if clock[1] * 1000 + clock[2] / 1000 < tonumber(meta[3]) then return 'held' end
  redis.call('HDEL', KEYS[1], 'hold', 'until')
end
`;

/**
 * meta, data, perhaps once; channel, BITFIELD's type, cells, deltas, ms to remember the key, whether values are told.
 * Answers "added", "known", "held" or "gone". BITFIELD gets as many at a time as Lua can unpack.
 */
export const addToTable = script(`${begin}
if KEYS[3] then
  local counted = redis.call('GET', KEYS[3])
  if counted and tonumber(counted) > tonumber(meta[2]) then return 'known' end
  redis.call('SET', KEYS[3], change, 'PX', ARGV[5])
end
local count = #ARGV[3] / 4
if count == 0 then return 'added' end
local kind, told, asked = ARGV[2], {}, { 'OVERFLOW', 'SAT' }
for from = 1, count, 1500 do
  local size = math.min(count - from + 1, 1500)
  local cells = { struct.unpack('<' .. string.rep('I4', size), ARGV[3], from * 4 - 3) }
  local deltas = { struct.unpack('<' .. string.rep('i4', size), ARGV[4], from * 4 - 3) }
  local at = 2
  for i = 1, size do
    asked[at + 1] = 'INCRBY' asked[at + 2] = kind asked[at + 3] = '#' .. cells[i] asked[at + 4] = deltas[i]
    at = at + 4
  end
  local values = redis.call('BITFIELD', KEYS[2], unpack(asked, 1, at))
  if ARGV[6] == '1' then told[#told + 1] = struct.pack('<' .. string.rep('I4', size), unpack(values)) end
end
redis.call('HSET', KEYS[1], 'change', change)
local body = ARGV[6] == '1' and ARGV[3] .. table.concat(told) or ''
redis.call('PUBLISH', ARGV[1], struct.pack('<d', change) .. body)
return 'added'`);

/** meta; token, ms. Nobody else changes the counters for so long. Answers "mine", "held" or "gone". */
export const holdTable = script(`${begin}
local clock = redis.call('TIME')
redis.call('HSET', KEYS[1], 'hold', ARGV[1], 'until', clock[1] * 1000 + math.floor(clock[2] / 1000) + ARGV[2])
return 'mine'`);

/** meta; token. */
export const releaseTable = script(`
if redis.call('HGET', KEYS[1], 'hold') == ARGV[1] then redis.call('HDEL', KEYS[1], 'hold', 'until') end
return 1`);

/**
 * meta, data, new data (missing: zeros); channel, token of the hold or nothing, whether it forgets which keys counted.
 * Answers "done", "lost" when the hold ended before, or "gone".
 */
export const replaceTable = script(`
local meta = redis.call('HMGET', KEYS[1], 'change', 'hold')
if not meta[1] then return 'gone' end
if ARGV[2] ~= '' and meta[2] ~= ARGV[2] then return 'lost' end
local change = tonumber(meta[1]) + 1
redis.call('UNLINK', KEYS[2])
if redis.call('EXISTS', KEYS[3]) == 1 then
  redis.call('RENAME', KEYS[3], KEYS[2])
  redis.call('PERSIST', KEYS[2])
end
redis.call('HDEL', KEYS[1], 'hold', 'until')
redis.call('HSET', KEYS[1], 'change', change, 'whole', change)
if ARGV[3] == '1' then redis.call('HSET', KEYS[1], 'forgot', change) end
redis.call('PUBLISH', ARGV[1], struct.pack('<d', change))
return 'done'`);
