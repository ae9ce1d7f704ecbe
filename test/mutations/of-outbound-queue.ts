/** What the outbound line defends: who has secrets, what is in its messages, what is sent twice. */
import { type Mutation, mutation } from './mutation.ts';

const serve = 'src/cli/serve.ts';
const sandboxWorker = 'src/cli/sandbox-worker.ts';
const outboundWorker = 'src/cli/outbound-worker.ts';
const config = 'src/config.ts';
const message = 'src/wire/outbound-message.ts';
const http = 'src/wire/http-message.ts';
const judge = 'src/wire/judge-message.ts';
const files = 'src/cli/outbound.ts';
const fair = 'src/server/fair-backend.ts';
const tools = 'src/outbound/judges/tools.ts';
const runner = 'src/queue/outbound-runner.ts';
const task = 'src/queue/outbound-task.ts';
const watch = 'src/queue/watch.ts';
const suspects = 'src/queue/suspects.ts';
const hook = 'src/outbound/http-hook.ts';

export const ofOutboundQueue: readonly Mutation[] = [
  mutation(
    'server-without-secrets',
    'a server with a queue ignores the files of targets and judges',
    [serve, '  if (settings.queued) refuseOutboundFiles();\n', ''],
    'cli/worker',
  ),
  mutation(
    'worker-without-secrets',
    'a worker with sandboxes ignores the files of targets and judges',
    [sandboxWorker, '  refuseOutboundFiles();\n', ''],
    'cli/worker',
  ),
  mutation(
    'worker-without-engine',
    'an outbound worker loads the client of the engine',
    [
      outboundWorker,
      'import { openHttpHooks }',
      "import '../sandbox/engine.ts';\nimport { openHttpHooks }",
    ],
    'cli/worker',
  ),
  mutation(
    'outbound-queue-name',
    'the queue of outbound workers can be that of workers with sandboxes',
    [config, "!name.endsWith('-outbound')", "name !== ''"],
    'cli/worker',
  ),
  mutation(
    'message-levels',
    'a message may have any number of levels',
    [message, 'if (isDeeperThan(data, mostLevels))', 'if (data === null)'],
    'wire/outbound-message',
  ),
  mutation(
    'message-headers',
    'a message may have headers that no file may have',
    [http, 'if (headerProblems(headers).length > 0)', 'if (headers === undefined)'],
    'wire/outbound-message',
  ),
  mutation(
    'message-payload',
    'a message may have a payload that no file may have',
    [http, 'payload !== undefined && payloadProblem(payload) !== undefined', 'retries < 0'],
    'wire/outbound-message',
  ),
  mutation(
    'message-quotes-nothing',
    'the error of a message repeats its address, which may hold a secret',
    [http, "'hook.url: no address of a request'", 'hook.url'],
    'wire/outbound-message',
  ),
  mutation(
    'sent-once',
    'a request that may have been sent is sent again',
    [runner, 'return furtherAttempts({ action, async }) > 0;', 'return true;'],
    'queue/outbound-runner',
  ),
  mutation(
    'added-once',
    'a job that Redis may have taken is added under another id',
    [
      runner,
      'previous === undefined || isNotAdded(previous) ? 1 : 2',
      'previous === undefined ? 1 : 2',
    ],
    'queue/outbound-runner',
  ),
  mutation(
    'nobody-there',
    'a hook waits for an outbound worker that is not there',
    [runner, 'if (line.isDeserted && !isLost)', 'if (line.isDeserted && isLost)'],
    'queue/outbound-runner',
  ),
  mutation(
    'way-back',
    'a request may take the time of the way back',
    [task, 'const reserveMs = 50;', 'const reserveMs = 0;'],
    'queue/outbound-task',
  ),
  mutation(
    'no-losses',
    'the loss of an outbound worker counts against its jobs',
    [watch, 'role.countsLosses && ', ''],
    'queue/watch',
  ),
  mutation(
    'no-quarantine',
    'a request can be a suspect',
    [suspects, 'script !== undefined && (apart', '(apart'],
    'queue/suspects',
  ),
  mutation(
    'same-body',
    'the second run of a call sends another time',
    [hook, 'call?.at ?? new Date().toISOString()', 'new Date().toISOString()'],
    'outbound/http-hook-calls',
  ),
  mutation(
    'attempts-of-the-lost',
    'the second run of a call makes all attempts again',
    [hook, '(call?.attempt ?? 1) > 1', 'further < 0'],
    'outbound/http-hook-calls',
  ),
  mutation(
    'without-judges-file',
    'servers with a queue and workers with sandboxes may have a judges file',
    [files, 'if (judgesFile !== undefined)', "if (judgesFile === '')"],
    'cli/worker',
  ),
  mutation(
    'asked-once',
    'a question that may have been asked is asked again',
    [runner, "return 'value' in outcome && !hasAsked(outcome.value);", 'return true;'],
    'queue/outbound-runner',
  ),
  mutation(
    'asked-counted',
    'a question that a closing worker asked is asked again',
    [runner, 'asked.calls > 0', 'asked.calls < 0'],
    'queue/outbound-runner',
  ),
  mutation(
    'message-prompt',
    'a message may have a prompt that no file may have',
    [judge, 'promptProblem(judges.placeholders, prompt) !== undefined', 'prompt === undefined'],
    'wire/judge-message',
  ),
  mutation(
    'message-judge-keys',
    'a message may join keys that no file may join, such as an approval and Bash',
    [judge, '  if (problem !== undefined)\n', '  if (problem === null)\n'],
    'wire/judge-message',
  ),
  mutation(
    'message-judge-events',
    'a message may ask a judge at events without such hooks',
    [judge, 'judges.notAt?.includes(event) === true', "event === ''"],
    'wire/judge-message',
  ),
  mutation(
    'judge-isolation',
    'the tools of a judge run in the isolation of tenants, whatever the server says',
    [
      message,
      'return { isolation, transcript: read, cwd };',
      "return { isolation: 'tenant', transcript: read, cwd };",
    ],
    'wire/judge-message',
  ),
  mutation(
    'judge-turns',
    'a tenant may send any number of questions to the queue',
    [fair, '(backend.judge && fairly(backend.judge))', 'backend.judge'],
    'server/fair-backend',
  ),
  mutation(
    'tool-results',
    'a judge gets all that the queue keeps of the output of a tool',
    [tools, 'stdout.subarray(0, mostResult)', 'stdout'],
    'outbound/judges/tools',
  ),
];
