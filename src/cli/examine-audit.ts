/** Tells whether lines of an audit trail were removed, changed or moved. */
import { createReadStream } from 'node:fs';
import { InvalidInputError, messageOf } from '../errors.ts';
import type { Finding } from '../sandbox/examine.ts';
import { type ChainProblem, type ChainReport, examineChain } from '../server/audit-chain.ts';
import type { Io } from './command.ts';

const problems: Readonly<Record<ChainProblem, Omit<Finding, 'name'>>> = {
  changed: {
    level: 'fail',
    text: 'its prev is not the SHA-256 of the line before it. Lines were removed, changed, added or moved just before it, or two processes write this file',
    fix: 'Compare with a copy.',
  },
  cut: {
    level: 'warn',
    text: 'it was cut off, or is of an earlier version of hookpool: it is not in the chain',
  },
  begins: {
    level: 'warn',
    text: 'a new chain begins. Whether lines before it are missing cannot be told',
  },
  lost: {
    level: 'warn',
    text: 'records before it could not be written, see hookpool_audit_failures_total',
  },
  continues: {
    level: 'warn',
    text: 'the chain began before it',
    fix: 'Give the rotated files too, in order: cat OLD NEW | hookpool doctor --audit -',
  },
};

/**
 * @param file `-` is stdin
 * @throws InvalidInputError `INVALID_USAGE` when it cannot be read
 */
export async function examineAudit(file: string, io: Pick<Io, 'stdin'>): Promise<Finding[]> {
  try {
    return findingsOf(await examineChain(file === '-' ? io.stdin() : createReadStream(file)));
  } catch (error) {
    const text = `--audit: cannot read ${file}: ${messageOf(error)}.`;
    throw new InvalidInputError('INVALID_USAGE', text, { cause: error });
  }
}

function findingsOf({ lines, chained, firstSeq, last, problems: found }: ChainReport): Finding[] {
  const findings = [...found].map(([kind, { line, count }]) => {
    const { text, ...rest } = problems[kind];
    return { ...rest, name: `line ${line}`, text: `${text} (found ${count} times).` };
  });
  if (last === undefined)
    return [...findings, { name: 'chain', level: 'warn', text: 'No line has a seq.' }];
  const text = `${chained} of ${lines} lines, seq ${firstSeq} to ${last.seq}. SHA-256 of the last one: ${last.sha256}`;
  const level = found.has('changed') ? 'fail' : 'ok';
  return [{ name: 'chain', level, text }, ...findings];
}
