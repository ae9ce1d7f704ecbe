/** Every hook of a set in its order: what became of it and why. */
import type { ExplainedHookAnswer, Explanation } from '../../server/api-types.ts';
import { visible } from '../ansi.ts';
import { shownMs } from '../shown.ts';
import { DecisionMark } from './decision.tsx';

const stateWords: Readonly<Record<ExplainedHookAnswer['state'], string>> = {
  'would-run': 'would run',
  ran: 'ran',
  started: 'started, not awaited',
  shadow: 'shadow',
  'chain-ended': 'skipped: the chain had ended',
  once: 'skipped: runs once',
  'other-event': 'other event',
  'switched-off': 'switched off',
  matcher: 'matcher does not match',
  source: 'other source',
  condition: 'condition does not hold',
  duplicate: 'duplicate',
};

const orderWords: Readonly<Record<Explanation['combination']['order'], string>> = {
  sequential: 'The hooks of this event run one after another.',
  parallel: 'The hooks of this event run at once.',
  piped:
    'The hooks of this event run one after another, each on what the one before has rewritten.',
};

export function HookStates({ explanation }: { explanation: Explanation }) {
  const { hooks, combination } = explanation;
  return (
    <>
      <ol class="hook-states">
        {hooks.map((hook) => (
          <HookState key={hook.index} hook={hook} />
        ))}
      </ol>
      <h2>How the results were combined</h2>
      <p>
        {orderWords[combination.order]}{' '}
        {combination.decidedBy !== undefined && <>Decided by {visible(combination.decidedBy)}.</>}
      </p>
      <ul>
        {combination.rules.map((rule) => (
          <li>{rule}</li>
        ))}
      </ul>
    </>
  );
}

function HookState({ hook }: { hook: ExplainedHookAnswer }) {
  const { decision, how, durations, selected, state, text } = hook;
  return (
    <li class={selected ? 'hook-state' : 'hook-state not-selected'}>
      <div class="row">
        <strong>{visible(hook.hook)}</strong>
        <span class="chip">{stateWords[state]}</span>
        {decision !== undefined && <DecisionMark said={{ decision, how }} />}
        {durations !== undefined && <span class="quiet">{shownMs(durations.totalMs)}</span>}
      </div>
      <p>{visible(text)}</p>
      <Details hook={hook} />
    </li>
  );
}

/** The pattern that ruled a hook in or out beside what it was compared with. */
function Details({ hook }: { hook: ExplainedHookAnswer }) {
  const rows: [string, string | undefined][] = [
    ['Event', hook.event],
    ['Kind', hook.kind],
    ['Matcher', hook.matcher],
    ['Condition', hook.condition],
    ['Sources', hook.sources?.join(', ')],
    ['Compared with', hook.subject],
    ['Fail mode', hook.failMode],
    ['Timeout', shownMs(hook.timeoutMs)],
    ['Not supported', hook.unsupported],
    ['Reason', hook.reason],
    ['Script', hook.scriptSha256],
  ];
  return (
    <details>
      <summary>Details</summary>
      <dl class="facts">
        {rows.map(
          ([title, value]) =>
            value !== undefined && (
              <>
                <dt>{title}</dt>
                <dd class="mono">{visible(value)}</dd>
              </>
            ),
        )}
        {hook.seen?.map(({ member, value, commands, understood }) => (
          <>
            <dt>Read in {member}</dt>
            <dd class="mono">
              {visible(value)}
              {commands !== undefined && <div>commands: {commands.map(visible).join(' · ')}</div>}
              {understood === false && <div>Not understood, so every condition holds.</div>}
            </dd>
          </>
        ))}
      </dl>
    </details>
  );
}
