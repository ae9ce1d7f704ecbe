/** `hookpool doctor`: examines the engine and the image, tries every limit, and suggests fixes. */

import { readConfig } from '../config.ts';
import { plainJson } from '../plain-text.ts';
import { Engine } from '../sandbox/engine.ts';
import {
  examineEngine,
  examineProfiles,
  type Finding,
  type Level,
  probeLimits,
} from '../sandbox/examine.ts';
import { openPool } from '../sandbox/open-pool.ts';
import { closePool } from './close-pool.ts';
import { type Arguments, type Command, exitCodes, type Io } from './command.ts';
import { poolOptions } from './pool-options.ts';
import { type Colour, paint, table } from './table.ts';

const usage = `hookpool doctor [--judges | --audit FILE] [--json]

Looks at the engine and at the image of each profile, then starts sandboxes and tries to break every limit.

  --judges       instead ask each judge of HOOKPOOL_JUDGES_FILE two questions, with what its answers key says
  --audit FILE   instead compare each line of an audit trail with the SHA-256 of it in the next one; "-" is stdin

Exit code: 0 fit to run hooks, or a whole trail (warnings allowed); 75 something fails.
`;

const colours: Readonly<Record<Level, Colour>> = { ok: 'green', warn: 'yellow', fail: 'red' };

export const doctorCommand: Command = {
  usage,
  options: { audit: { type: 'string' }, json: { type: 'boolean' }, judges: { type: 'boolean' } },
  run: examine,
};

async function examine(args: Arguments, io: Io): Promise<number> {
  args.noPositionals();
  if (args.flag('judges')) {
    const { examineJudges } = await import('./examine-judges.ts');
    return publish(await examineJudges(io.stopSignal()), args, io);
  }
  const audit = args.text('audit');
  if (audit !== undefined) {
    const { examineAudit } = await import('./examine-audit.ts');
    return publish(await examineAudit(audit, io), args, io);
  }
  const options = poolOptions(readConfig());
  const engine = new Engine();
  const findings = await examineEngine(engine, options.image, options.ociRuntime);
  if (!findings.some((finding) => finding.level === 'fail')) {
    findings.push(...(await examineProfiles(engine, options.profiles)));
    const pool = openPool({ ...options, engine, warm: 1, max: 3 });
    try {
      findings.push(...(await probeLimits(pool, options.limits, options.ociRuntime)));
    } finally {
      await closePool(pool, io);
    }
  }
  return publish(findings, args, io);
}

function publish(findings: readonly Finding[], args: Arguments, io: Io): number {
  io.out(args.flag('json') ? `${plainJson(JSON.stringify(findings))}\n` : show(findings, io));
  return findings.some((finding) => finding.level === 'fail')
    ? exitCodes.unavailable
    : exitCodes.ok;
}

function show(findings: readonly Finding[], io: Io): string {
  const rows = findings.map(({ name, level, text, fix }) => [
    paint(level, colours[level], io.terminal),
    name,
    fix === undefined ? text : `${text.replace(/\.$/, '')}. ${fix}`,
  ]);
  return table(rows, 1000);
}
