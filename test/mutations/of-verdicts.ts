/** What keeps a hook without a verdict from opening, and a shadow hook from being heard. */
import { type Mutation, mutation } from './mutation.ts';

const fail = 'src/protocol/verdict/reject-or-fail.ts';
const chain = 'src/dispatch/chain.ts';
const dispatcher = 'src/dispatch/dispatcher.ts';
const state = 'src/dispatch/session-state.ts';
const callable = 'src/bundling/callable-source.ts';

export const ofVerdicts: readonly Mutation[] = [
  mutation(
    'ask-blocks-elsewhere',
    'failMode ask allows where nobody can be asked',
    [fail, "if (mode !== 'allow') return reject", "if (mode === 'block') return reject"],
    'protocol/verdict/decide-ask',
  ),
  mutation(
    'ask-where-possible',
    'failMode ask asks where nobody can be asked',
    [fail, "mode === 'ask' && rules.canAsk", "mode === 'ask'"],
    'protocol/verdict/decide-ask',
  ),
  mutation(
    'ask-is-strict',
    'failMode ask accepts what may be an unread rejection',
    [fail, "return failMode !== 'allow' &&", "return failMode === 'block' &&"],
    'protocol/verdict/decide-ask',
  ),
  mutation(
    'ask-needs-its-state',
    'failMode ask runs with an empty state where the store is away',
    [state, "job.hook.failMode !== 'allow'", "job.hook.failMode === 'block'"],
    'dispatch/session-state',
  ),
  mutation(
    'shadow-is-not-heard',
    'shadow hooks that run side by side decide',
    [chain, 'const hooks = matching.filter(isHeard);', 'const hooks = matching;'],
    'dispatch/shadow',
  ),
  mutation(
    'shadow-is-not-in-line',
    'shadow hooks of a chain decide',
    [chain, 'if (!isHeard(hook)) context.addShadows([hook]);\n  else if', 'if'],
    'dispatch/shadow',
  ),
  mutation(
    'shadow-is-not-waited-for',
    'the answer waits for shadow hooks',
    [
      dispatcher,
      'if (services.background !== undefined) return decision;',
      'if (unheard.length > 99) return decision;',
    ],
    'dispatch/shadow',
  ),
  mutation(
    'shadow-has-its-own-state',
    'a shadow hook writes into the state of the hook that it may become',
    [state, "hook.shadow === true ? ['shadow'] : []", '[]'],
    'dispatch/shadow',
  ),
  mutation(
    'shadow-does-not-count',
    'a shadow hook clears the rejections of a session',
    [dispatcher, 'needsCounters(place, hooks.filter(isHeard))', 'needsCounters(place, hooks)'],
    'dispatch/shadow',
  ),
  mutation(
    'shadow-never-passes',
    'a shadow hook ends with the once of its namesake',
    [
      'src/dispatch/conversation.ts',
      'hook.once === true && isHeard(hook) ?',
      'hook.once === true ?',
    ],
    'dispatch/shadow',
  ),
  mutation(
    'native-errors-block',
    'an agent that sends http hooks gets the status of an error, and goes ahead',
    [
      'src/server/routes/native.ts',
      'const answer = undecided(error, request);',
      'const answer = undecided(error, request) && undefined;',
    ],
    'server/native',
  ),
  mutation(
    'native-block-in-body',
    'a block of an http hook is an exit code, which nobody reads',
    ['src/answering/answer-for.ts', 'block: bodyBlock(ofProcess)', 'block: ofProcess.block'],
    'answering/over-http',
  ),
  mutation(
    'callable-answer-apart',
    'what a function prints is read as its answer',
    [callable, '    os.dup2(2, 1)\n', ''],
    'integration/callable',
  ),
  mutation(
    'callable-exit-code',
    'a function that ends its process with 2 blocks, and one with 0 allows',
    [callable, 'except BaseException as error:', 'except Exception as error:'],
    'integration/callable',
  ),
  mutation(
    'callable-unknown-word',
    'an unknown decision of a function is an allow',
    [callable, "if word not in ('allow',", "if word in () and word not in ('allow',"],
    'integration/callable',
  ),
];
