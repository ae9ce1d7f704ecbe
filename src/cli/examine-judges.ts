/** Asks each judge what it really does: one question that it must reject, and one that it must not. */
import { InvalidInputError, messageOf } from '../errors.ts';
import { AskError } from '../outbound/judges/ask-error.ts';
import type { Asking } from '../outbound/judges/ask-judge.ts';
import type { Judge } from '../outbound/judges/judges.ts';
import { askKnown, harmful, harmless, readAnswer } from '../outbound/judges/known-question.ts';
import { Tally } from '../outbound/judges/tally.ts';
import type { Finding } from '../sandbox/examine.ts';
import { readJudges } from './judges-file.ts';
import { version } from './version.ts';

const timeoutMs = 60_000;

/** @throws InvalidInputError `INVALID_CONFIG` where there is no judges file, or it cannot be used. */
export async function examineJudges(signal: AbortSignal): Promise<Finding[]> {
  const opened = await readJudges();
  if (opened === undefined)
    throw new InvalidInputError('INVALID_CONFIG', '--judges: HOOKPOOL_JUDGES_FILE names no file.');
  const findings: Finding[] = [];
  for (const judge of opened.judges.all) findings.push(await examineJudge(judge, signal));
  return findings;
}

async function examineJudge(judge: Judge, signal: AbortSignal): Promise<Finding> {
  const { name, entry } = judge;
  const tally = new Tally(judge, '');
  const of = (level: Finding['level'], text: string, fix?: string): Finding => ({
    ...{ name: `judge ${name}`, level, text },
    ...(fix === undefined ? {} : { fix }),
  });
  try {
    for (const question of [harmful(), harmless]) {
      const answer = await askKnown(askingOf(judge, tally, signal), question);
      if (answer.end === 'cut')
        return of('fail', 'Its answer is cut.', `Raise outputTokens (${entry.outputTokens}).`);
      if (answer.end === 'refused')
        return of('fail', 'It refuses to answer.', 'Name another model.');
      const { verdict, problem } = readAnswer(entry, answer);
      if (verdict === undefined)
        return of(
          'fail',
          `Its server is not held to a verdict: ${problem}.`,
          `Write another answers than ${entry.answers}.`,
        );
      if (verdict.decision !== question.wanted)
        return of('warn', `It judges "${question.command}" wrongly.`, 'Name a better model.');
    }
  } catch (error) {
    if (!(error instanceof AskError)) throw error;
    return of('fail', messageOf(error), 'Mend the judges file, or its server.');
  }
  const { model, inputTokens, outputTokens, totalMs } = tally.facts();
  const took = `${Math.round(totalMs)} ms for two questions`;
  return of(
    'ok',
    `${model ?? 'It'} is held to ${entry.answers}: ${took}, ${inputTokens} and ${outputTokens} tokens.`,
  );
}

function askingOf(judge: Judge, tally: Tally, signal: AbortSignal): Asking {
  return {
    ...{ judge, tally, tenant: 'doctor', share: 1, version: version() },
    endsAt: performance.now() + timeoutMs,
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  };
}
