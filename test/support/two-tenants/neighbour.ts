/**
 * Tenant b, in a separate process, so that the test cannot delay its clock. It sends a request
 * every 50 ms, whether or not earlier ones were answered, and reports the longest wait and the
 * wrong answers.
 */
import http from 'node:http';

/** A message of the test. */
export type Order =
  | { readonly kind: 'ask'; readonly url: string; readonly token: string }
  | { readonly kind: 'stop' };

/** The results of b between `ask` and `stop`. */
export interface Seen {
  readonly asked: number;
  /**
   * The longest wait in milliseconds; for a request without an answer, the time until b gave up.
   */
  readonly worstMs: number;
  /** One line for each answer that differs from the intended decision of the guard. */
  readonly wrong: readonly string[];
}

const everyMs = 50;
const deadlineMs = 1_500;
/** Time for answers that are in flight when b gets `stop`. */
const graceMs = 1_000;

/** Uses only bash builtins, so that the cost of starting programs is not measured. */
const guard = `IFS= read -r -d '' context; if [[ $context == *"rm -rf"* ]]; then echo "not this" >&2; exit 2; fi`;

interface Question {
  readonly name: string;
  readonly body: string;
  readonly decision: string;
}

const questions = ['block', 'allow'].flatMap((failMode) => [
  question(failMode, 'rm -rf /', 'block'),
  question(failMode, 'ls -l', 'none'),
]);

function question(failMode: string, command: string, decision: string): Question {
  const hooks = { PreToolUse: [{ name: 'guard', matcher: 'Bash', failMode, command: guard }] };
  const context = { hook_event_name: 'PreToolUse', tool_name: 'Bash', tool_input: { command } };
  return {
    name: `failMode ${failMode}, ${command}`,
    body: JSON.stringify({ hooks, context, deadlineMs }),
    decision,
  };
}

class Asking {
  readonly #agent = new http.Agent({ keepAlive: true });
  readonly #url: string;
  readonly #token: string;
  readonly #open = new Map<http.ClientRequest, { readonly name: string; readonly since: number }>();
  readonly #wrong: string[] = [];
  readonly #timer: NodeJS.Timeout;
  #asked = 0;
  #worstMs = 0;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
    this.#timer = setInterval(() => this.#askNext(), everyMs);
    this.#askNext();
  }

  async stop(): Promise<Seen> {
    clearInterval(this.#timer);
    const until = performance.now() + graceMs;
    while (this.#open.size > 0 && performance.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 5));
    for (const [request, { name, since }] of this.#open) {
      this.#told(since, `${name}: no answer`);
      request.destroy();
    }
    this.#agent.destroy();
    return { asked: this.#asked, worstMs: this.#worstMs, wrong: this.#wrong };
  }

  /**
   * Alternates between contexts that must be blocked and that must pass, with both values of
   * failMode.
   */
  #askNext(): void {
    this.#ask(questions[this.#asked % questions.length] as Question);
  }

  #ask({ name, body, decision }: Question): void {
    const since = performance.now();
    const headers = { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' };
    const request = http.request(`${this.#url}/v1/evaluate`, {
      method: 'POST',
      agent: this.#agent,
      headers,
    });
    this.#asked += 1;
    this.#open.set(request, { name, since });
    const finish = (problem: string | undefined) => {
      if (this.#open.delete(request)) this.#told(since, problem && `${name}: ${problem}`);
    };
    request.on('error', (error) => finish(`failed: ${error.message}`));
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        finish(problemOf(response.statusCode, Buffer.concat(chunks).toString(), decision)),
      );
      response.on('error', (error) => finish(`failed: ${error.message}`));
    });
    request.end(body);
  }

  #told(since: number, problem: string | undefined): void {
    this.#worstMs = Math.max(this.#worstMs, performance.now() - since);
    if (problem !== undefined) this.#wrong.push(problem);
  }
}

/** @returns undefined if the decision is the expected one and the guard itself made it. */
function problemOf(status: number | undefined, text: string, decision: string): string | undefined {
  if (status !== 200) return `${status} ${text.slice(0, 200)}`;
  const answer = JSON.parse(text) as {
    readonly decision: string;
    readonly cause?: { readonly kind: string };
  };
  // A decision without an objection has no cause.
  if (answer.decision === decision && (answer.cause?.kind ?? 'exit-code') === 'exit-code')
    return undefined;
  return `${answer.decision} by ${JSON.stringify(answer.cause)}`;
}

let asking: Asking | undefined;

// Without a parent process the file is only imported as a module and does not act as b.
if (process.send !== undefined && process.argv[1] === import.meta.filename) {
  process.on('message', (order: Order) => {
    if (order.kind === 'ask') asking = new Asking(order.url, order.token);
    else void asking?.stop().then((seen) => process.send?.(seen));
  });
  process.on('disconnect', () => process.exit());
}
