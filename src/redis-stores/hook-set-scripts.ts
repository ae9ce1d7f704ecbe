import { wholeNumber } from './lua.ts';

/**
 * Atomic changes of hook sets. KEYS: the tenant's hash. ARGV: field, condition, new revision; for a
 * put also the value behind the version, and the most sets and bytes. The revision is a field of
 * the same hash, so that neither can be lost without the other.
 */
const check = `${wholeNumber}
local current = redis.call('HGET', KEYS[1], ARGV[1])
local version, etag = string.match(current or '', '^(%d+) (%S+) ')
local condition = cjson.decode(ARGV[2])
local function holds()
  if condition.ifAbsent and current then return false end
  if not condition.ifMatch then return true end
  for _, tag in ipairs(condition.ifMatch) do
    if current and (tag == '*' or tag == etag) then return true end
  end
  return false
end
-- Counted anew where the sum cannot be read.
local function bytes_of_all()
  local bytes = whole(redis.call('HGET', KEYS[1], 'bytes') or '0')
  if bytes then return bytes end
  bytes = 0
  local pairs_of_all = redis.call('HGETALL', KEYS[1])
  for at = 1, #pairs_of_all, 2 do
    if string.find(pairs_of_all[at], ':', 1, true) then bytes = bytes + #pairs_of_all[at + 1] end
  end
  return bytes
end
local function bytes_with(value)
  return bytes_of_all() - #(current or '') + #value
end`;

/**
 * Returns the new version of the set, or `mismatch`, or the limit that is reached: `sets`, `bytes`.
 */
export const putScript = `${check}
if not holds() then return 'mismatch' end
local others = math.max(redis.call('HLEN', KEYS[1]) - 2, 0) - (current and 1 or 0)
if others >= tonumber(ARGV[5]) then return 'sets' end
version = (version or 0) + 1
local value = version .. ' ' .. ARGV[4]
local bytes = bytes_with(value)
if bytes > tonumber(ARGV[6]) then return 'bytes' end
redis.call('HSET', KEYS[1], ARGV[1], value, 'bytes', bytes, 'revision', ARGV[3])
return version`;

/** Removes the set first: a full Redis lets a script continue once it has removed something. */
export const deleteScript = `${check}
if not current then return condition.ifMatch and 'mismatch' or 'absent' end
if not holds() then return 'mismatch' end
local bytes = bytes_with('')
redis.call('HDEL', KEYS[1], ARGV[1])
if redis.call('HLEN', KEYS[1]) > 2 then
  redis.call('HSET', KEYS[1], 'bytes', bytes, 'revision', ARGV[3])
else
  redis.call('DEL', KEYS[1])
end
return 'deleted'`;
