/** What a status of a judge's server means for the hook. */
import type { Failure, HookError } from '../../protocol/decision.ts';
import type { Exchanged } from '../guarded-request.ts';
import type { Judge } from './judges.ts';

/** Whether the server failed for a reason that may pass, so that a later attempt may succeed. */
export function isPassing(status: number): boolean {
  return status === 408 || status >= 500;
}

const filtered = ['content_filter', 'content_policy_violation'];
const tooLong = ['context_length_exceeded', 'string_above_max_length', 'request_too_large'];

/** Messages name the judge and the status: the texts of servers quote keys and questions. */
export function problemIn(
  { name, entry }: Judge,
  { answer, failure }: Exchanged,
): HookError | Failure {
  if (failure?.code === 'TARGET_UNREACHABLE')
    return { code: 'JUDGE_UNAVAILABLE', message: failure.message };
  if (failure?.code === 'HTTP_BODY')
    return { code: 'JUDGE_ANSWER_MALFORMED', message: failure.message };
  if (failure !== undefined) return failure;
  const status = Number(answer?.status);
  const told = `The judge ${name} answered ${status}`;
  const codes = status === 400 || status === 413 ? codesIn(answer?.body) : [];
  if (codes.some((code) => filtered.includes(code)))
    return { code: 'JUDGE_REFUSED', message: `${told}: a content filter refused the question.` };
  if (status === 413 || codes.some((code) => tooLong.includes(code)))
    return {
      code: 'INPUT_TOO_LARGE',
      message: `${told}: the question is too long for its model. Send less with select, or lower its inputBytes (${entry.inputBytes}).`,
    };
  if (status === 429) return { code: 'JUDGE_RATE_LIMITED', message: `${told}: too many requests.` };
  return { code: 'JUDGE_UNAVAILABLE', message: `${told}${hint(status)}.` };
}

function hint(status: number): string {
  if (status >= 300 && status < 400) return '; redirects are not followed';
  if (status === 401) return ': its key is refused';
  if (status === 403) return ': its key or the question is refused';
  if (status === 404) return ': there is no such model or address';
  return status === 400 || status === 422
    ? ': its server does not take this question; look at answers, temperature and outputTokensKey'
    : '';
}

/** `error.code`, `error.type` and the inner code of an error, as providers write them. */
function codesIn(body: Uint8Array | undefined): string[] {
  try {
    const { error } = JSON.parse(new TextDecoder().decode(body)) as { readonly error?: unknown };
    const { code, type, innererror } = Object(error) as Readonly<Record<string, unknown>>;
    return [code, type, Object(innererror).code].filter((one) => typeof one === 'string');
  } catch {
    return [];
  }
}
