/**
 * The loss of a worker, and what it proves. BullMQ's list of active jobs still holds what ran on the worker, and
 * the id of each job names its script: nothing has to be written for a job while all is well.
 *
 * A loss proves something only against a script that was alone on the worker. One that was on two lost workers with
 * no other script in common is suspected: it is tried alone, and a trial that does no harm clears it. More would be
 * unjust: who kills workers with a new text each time has nothing in common with himself, but much with a guard that
 * always runs. A script that ran apart from the others since then, and did no harm, is taken from the losses.
 */
import type { RedisClient } from '../redis/connection.ts';
import { bullKey, lossesKey, quarantineKey, recordKey } from '../redis/keys.ts';
import { recordFunctions } from './record.ts';

/** The same worker is seen lost by every dispatcher, and for each of its jobs, within this time. */
const sameLossMs = 10_000;
/** Workers that die together, with their host or its engine, are missed within this time of each other: one loss. */
const dieTogetherMs = 1_500;
const rememberedMs = 600_000;
const lossesKept = 32;
/** A worker that ran more scripts than this proves nothing: too much to keep, and to compare. */
const scriptsKept = 100;

const lossFunctions = `${recordFunctions}
local function readLosses(key)
  hold(key, 'list')
  local losses = {}
  for _, text in ipairs(redis.call('LRANGE', key, 0, -1)) do
    local good, loss = pcall(cjson.decode, text)
    good = good and type(loss) == 'table' and type(loss.scripts) == 'table' and tonumber(loss.at) and loss.worker
    losses[#losses + 1] = good and loss or { worker = '', at = 0, scripts = {} }
  end
  return losses
end`;

/** KEYS: active jobs, losses, quarantine. ARGV: the worker, the prefix of BullMQ's jobs, the prefix of records. */
const lossScript = `${lossFunctions}
local now = clock()
local losses = readLosses(KEYS[2])
local together = false
for _, loss in ipairs(losses) do
  if loss.worker == ARGV[1] and now - loss.at < ${sameLossMs} then return 0 end
  if now - loss.at < ${dieTogetherMs} then together = true end
end
local seen, scripts = {}, {}
for _, id in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
  local script = string.match(id, '^j[%w_-]+%.([%w_-]+)$') or id
  if not seen[script] and redis.pcall('HGET', ARGV[2] .. id, 'pb') == ARGV[1] then
    seen[script] = true
    scripts[#scripts + 1] = script
  end
end
local suspected, alone = {}, nil
if #scripts == 1 then alone = scripts[1] end
for _, loss in ipairs(losses) do
  if now - loss.at < ${rememberedMs} then
    local common, last = 0, nil
    for _, script in ipairs(loss.scripts) do
      if seen[script] then common, last = common + 1, script end
    end
    if common == 1 and last ~= alone then suspected[last] = true end
  end
end
if together or #scripts > ${scriptsKept} then scripts, suspected, alone = {}, {}, nil end
redis.call('LPUSH', KEYS[2], cjson.encode({ worker = ARGV[1], at = now, scripts = scripts }))
redis.call('LTRIM', KEYS[2], 0, ${lossesKept - 1})
redis.call('PEXPIRE', KEYS[2], ${rememberedMs})
local count = 0
for script in pairs(suspected) do
  suspect(ARGV[3] .. script, KEYS[3], script, 'worker')
  count = count + 1
end
if alone then
  prove(ARGV[3] .. alone, KEYS[3], alone)
  count = count + 1
end
return count`;

/** KEYS: losses. ARGV: a script. */
const spareScript = `${lossFunctions}
for at, loss in ipairs(readLosses(KEYS[1])) do
  local left = {}
  for _, script in ipairs(loss.scripts) do
    if script ~= ARGV[1] then left[#left + 1] = script end
  end
  if #left < #loss.scripts then
    loss.scripts = left
    redis.call('LSET', KEYS[1], at - 1, cjson.encode(loss))
  end
end`;

/** Once per loss, whoever calls how often. @returns how many scripts are in quarantine for it */
export async function recordLoss(redis: RedisClient, queue: string, worker: string): Promise<number> {
  const keys = [bullKey(queue, 'active'), lossesKey(queue), quarantineKey(queue)];
  const prefixes = [bullKey(queue, ''), recordKey(queue, '')];
  return (await redis.eval(lossScript, keys.length, ...keys, worker, ...prefixes)) as number;
}

/** The script ran apart from those that were lost with it, and its worker lives: the losses are not its doing. */
export async function spareFromLosses(redis: RedisClient, queue: string, script: string): Promise<void> {
  await redis.eval(spareScript, 1, lossesKey(queue), script);
}
