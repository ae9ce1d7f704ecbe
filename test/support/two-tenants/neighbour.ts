/**
 * Tenant b, in a process of its own, so that nothing of the test can hold up its clock. It asks every 100 ms, whether
 * or not it was answered before, and tells how long the longest answer took and which were not right.
 */
import http from 'node:http';

/** What the test sends. */
export type Order = { readonly kind: 'ask'; readonly url: string; readonly token: string } | { readonly kind: 'stop' };

/** What b saw between `ask` and `stop`. */
export interface Seen {
  readonly asked: number;
  /** Milliseconds of the longest wait; of a question that was not answered, until it was given up. */
  readonly worstMs: number;
  /** One line for each answer that was not the one that the guard's author meant. */
  readonly wrong: readonly string[];
}

const everyMs = 100;
const deadlineMs = 1_500;
/** For answers that are on their way when b is told to stop. */
const graceMs = 1_000;

/** Nothing but bash itself: what it costs to start other programs is not what is measured. */
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
  return { name: `failMode ${failMode}, ${command}`, body: JSON.stringify({ hooks, context, deadlineMs }), decision };
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
    while (this.#open.size > 0 && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 5));
    for (const [request, { name, since }] of this.#open) {
      this.#told(since, `${name}: no answer`);
      request.destroy();
    }
    this.#agent.destroy();
    return { asked: this.#asked, worstMs: this.#worstMs, wrong: this.#wrong };
  }

  /** In turn: what must be blocked and what must pass, under both kinds of failMode. */
  #askNext(): void {
    this.#ask(questions[this.#asked % questions.length] as Question);
  }

  #ask({ name, body, decision }: Question): void {
    const since = performance.now();
    const headers = { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' };
    const request = http.request(`${this.#url}/v1/evaluate`, { method: 'POST', agent: this.#agent, headers });
    this.#asked += 1;
    this.#open.set(request, { name, since });
    const finish = (problem: string | undefined) => {
      if (this.#open.delete(request)) this.#told(since, problem && `${name}: ${problem}`);
    };
    request.on('error', (error) => finish(`failed: ${error.message}`));
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => finish(problemOf(response.statusCode, Buffer.concat(chunks).toString(), decision)));
      response.on('error', (error) => finish(`failed: ${error.message}`));
    });
    request.end(body);
  }

  #told(since: number, problem: string | undefined): void {
    this.#worstMs = Math.max(this.#worstMs, performance.now() - since);
    if (problem !== undefined) this.#wrong.push(problem);
  }
}

/** undefined: it is what the guard says, and the guard has said it. */
function problemOf(status: number | undefined, text: string, decision: string): string | undefined {
  if (status !== 200) return `${status} ${text.slice(0, 200)}`;
  const answer = JSON.parse(text) as { readonly decision: string; readonly cause?: { readonly kind: string } };
  // Where no hook objects there is no cause.
  if (answer.decision === decision && (answer.cause?.kind ?? 'exit-code') === 'exit-code') return undefined;
  return `${answer.decision} by ${JSON.stringify(answer.cause)}`;
}

let asking: Asking | undefined;

// Without a parent it is not b, but a module whose words somebody uses.
if (process.send !== undefined && process.argv[1] === import.meta.filename) {
  process.on('message', (order: Order) => {
    if (order.kind === 'ask') asking = new Asking(order.url, order.token);
    else void asking?.stop().then((seen) => process.send?.(seen));
  });
  process.on('disconnect', () => process.exit());
}
