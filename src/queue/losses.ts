/**
 * Records the loss of a worker and decides which scripts it counts against. BullMQ's list of active
 * jobs still holds the jobs that ran on the worker, and the id of each job names its script, so
 * normal operation needs no extra write per job.
 *
 * A loss is a proof only against a script that was alone on the worker. A script that was on two
 * lost workers with no other script in common is suspected: it is tried alone, and a harmless trial
 * clears it. A stricter rule would hit innocent scripts: an attacker who kills workers with a new
 * text each time has no script in common with the earlier losses, but a guard that always runs is
 * in all of them. A script that has since run apart from the others without harm is removed from
 * the losses.
 */
import type { RedisClient } from '../redis/connection.ts';
import { bullKey, lossesKey, quarantineKey, recordKey } from '../redis/keys.ts';
import { recordFunctions } from './record.ts';

/**
 * Reports of the same lost worker within this time are one loss: every dispatcher reports it, and
 * for each of its jobs.
 */
const sameLossMs = 10_000;
/**
 * Workers that die together, with their host or its engine, are reported within this time; only the
 * first loss counts.
 */
const dieTogetherMs = 1_500;
const rememberedMs = 600_000;
const lossesKept = 32;
/**
 * The loss of a worker that ran more scripts than this proves nothing: they are too many to store
 * and compare.
 */
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

/**
 * KEYS: active jobs, losses, quarantine. ARGV: the worker, the prefix of BullMQ's jobs, the prefix
 * of records.
 */
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

/**
 * Records a loss once, however many callers report it. @returns how many scripts it puts into
 * quarantine
 */
export async function recordLoss(
  redis: RedisClient,
  queue: string,
  worker: string,
): Promise<number> {
  const keys = [bullKey(queue, 'active'), lossesKey(queue), quarantineKey(queue)];
  const prefixes = [bullKey(queue, ''), recordKey(queue, '')];
  return (await redis.eval(lossScript, keys.length, ...keys, worker, ...prefixes)) as number;
}

/**
 * Removes a script from all recorded losses: it ran apart from the other scripts and its worker
 * survived, so it did not cause them.
 */
export async function spareFromLosses(
  redis: RedisClient,
  queue: string,
  script: string,
): Promise<void> {
  await redis.eval(spareScript, 1, lossesKey(queue), script);
}
