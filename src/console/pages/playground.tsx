/** An event and hooks that are tried out in the sandbox; nothing is stored but the record of the run. */

import { useEffect, useState } from 'preact/hooks';
import { messageOf } from '../../errors.ts';
import type {
  AgentAnswer,
  EvaluateAnswer,
  EvaluationRecord,
  Explanation,
  KeptContext,
} from '../../server/api-types.ts';
import { hrefOf, type Route } from '../address.ts';
import { visible } from '../ansi.ts';
import { ApiError, ask, ofTenant } from '../api.ts';
import { TextEditor } from '../editor/text-editor.tsx';
import { AgentAnswers } from '../parts/agent-answers.tsx';
import { CopyButton } from '../parts/copy.tsx';
import { DocumentChoice, type HookDocument } from '../parts/document-choice.tsx';
import { Failure } from '../parts/failure.tsx';
import { PlaygroundResult } from '../parts/playground-result.tsx';
import { firstHooks, samples, sampleText } from '../samples.ts';
import { packScene, type Scene, unpackScene } from '../share.ts';

const first = samples[0];
const beginning: Scene = {
  dialect: 'claude-code',
  context: first === undefined ? '{}' : sampleText(first),
  hooks: firstHooks,
};

export function Playground({ route: { query } }: { route: Route }) {
  const [scene, setScene] = useState<Scene>(beginning);
  const [given, setGiven] = useState(() => givenOf(beginning));
  const [documents, setDocuments] = useState<readonly HookDocument[]>([]);
  const open = (opened: Scene) => {
    setScene(opened);
    setGiven(givenOf(opened));
  };
  const [failure, setFailure] = useState('');
  const shared = query.get('scene');
  const evaluation = query.get('evaluation');
  useEffect(() => {
    const ended = new AbortController();
    openScene(shared, evaluation, ended.signal).then(
      (opened) => {
        if (opened === undefined || ended.signal.aborted) return;
        open(opened.scene);
        setDocuments(opened.documents);
      },
      (error: unknown) => {
        if (!ended.signal.aborted) setFailure(messageOf(error));
      },
    );
    return () => ended.abort();
  }, [shared, evaluation]);
  const change = (part: Partial<Scene>) => setScene((before) => ({ ...before, ...part }));
  return (
    <>
      <h1>Playground</h1>
      {failure !== '' && <Failure title="What was to be opened cannot be" message={failure} />}
      <Choices scene={scene} change={change} open={open} />
      <div class="columns">
        <section aria-label="Context">
          <h2>Context</h2>
          <TextEditor
            label="Context of the event"
            given={given.context}
            language="json"
            changed={(context) => change({ context })}
          />
        </section>
        <section aria-label="Hooks">
          <h2>Hooks</h2>
          <DocumentChoice
            key={evaluation}
            documents={documents}
            choose={({ text, dialect = scene.dialect }) => open({ ...scene, dialect, hooks: text })}
          />
          <TextEditor
            label="Hooks"
            given={given.hooks}
            language="yaml"
            changed={(hooks) => change({ hooks })}
          />
        </section>
      </div>
      <Run scene={scene} />
    </>
  );
}

function givenOf({ context, hooks }: Scene) {
  return { context: { text: context }, hooks: { text: hooks } };
}

interface ChoicesProps {
  readonly scene: Scene;
  readonly change: (part: Partial<Scene>) => void;
  /** Replaces what stands in the editors. */
  readonly open: (scene: Scene) => void;
}

function Choices({ scene, change, open }: ChoicesProps) {
  const [link, setLink] = useState<{ readonly of: Scene; readonly address: string }>();
  return (
    <div class="row">
      <label class="field">
        Agent
        <input
          value={scene.dialect}
          maxLength={64}
          onInput={({ currentTarget }) => change({ dialect: currentTarget.value })}
        />
      </label>
      <label class="field">
        Sample event
        <select
          value=""
          onChange={({ currentTarget }) => {
            const sample = samples[Number(currentTarget.value)];
            if (sample !== undefined) open({ ...scene, context: sampleText(sample) });
          }}
        >
          <option value="">choose …</option>
          {samples.map(({ title }, at) => (
            <option value={String(at)}>{title}</option>
          ))}
        </select>
      </label>
      <button
        type="button"
        onClick={async () => setLink({ of: scene, address: await linkTo(scene) })}
      >
        Make a link
      </button>
      {/* A link to what stood in the editors before would be taken for one to what stands there. */}
      {link?.of === scene && <CopyButton label="Copy the link" text={() => link.address} />}
    </div>
  );
}

async function linkTo(scene: Scene): Promise<string> {
  const hash = hrefOf(['playground'], [['scene', await packScene(scene)]]);
  return `${location.origin}/console/${hash}`;
}

interface Result {
  readonly decision: EvaluateAnswer & { readonly explanation?: Explanation };
  readonly answers: readonly AgentAnswer[];
}

type State =
  | { readonly kind: 'idle' | 'running' }
  | { readonly kind: 'answered'; readonly result: Result }
  | { readonly kind: 'failed'; readonly error: ApiError };

function Run({ scene }: { scene: Scene }) {
  const [state, setState] = useState<State>({ kind: 'idle' });
  const run = async () => {
    setState({ kind: 'running' });
    try {
      setState({ kind: 'answered', result: await evaluate(scene) });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setState({ kind: 'failed', error });
    }
  };
  return (
    <section>
      <button type="button" class="main" onClick={run} disabled={state.kind === 'running'}>
        {state.kind === 'running' ? 'Running …' : 'Run in the sandbox'}
      </button>
      <div role="status">
        {state.kind === 'failed' && <Refused error={state.error} />}
        {state.kind === 'answered' && (
          <>
            <PlaygroundResult decision={state.result.decision} />
            <h2>The answer in the words of each agent</h2>
            <AgentAnswers answers={state.result.answers} />
          </>
        )}
      </div>
    </section>
  );
}

function Refused({ error: { message, problems } }: { error: ApiError }) {
  return (
    <div class="failure">
      <p>{visible(message)}</p>
      <ul>
        {problems.map(({ line, column, message: text }) => (
          <li>
            {line}:{column} {visible(text)}
          </li>
        ))}
      </ul>
    </div>
  );
}

async function evaluate({ dialect, context, hooks }: Scene): Promise<Result> {
  const body = ofTenant({ dialect, context, document: hooks, verbose: true, explain: true });
  const decision = await ask<Result['decision']>('/v1/evaluate', { method: 'POST', body });
  return { decision, answers: decision.explanation?.answers ?? [] };
}

interface Opened {
  readonly scene: Scene;
  /** All whose hooks the evaluation had; the first is in the scene. */
  readonly documents: readonly HookDocument[];
}

/** What the address asks for: a shared scene, or a past evaluation with its hooks. */
async function openScene(
  shared: string | null,
  evaluation: string | null,
  signal: AbortSignal,
): Promise<Opened | undefined> {
  if (shared !== null) {
    const scene = await unpackScene(shared);
    if (scene === undefined) throw new Error('The link is not whole.');
    return { scene, documents: [] };
  }
  if (evaluation === null) return undefined;
  const at = `/v1/evaluations/${encodeURIComponent(evaluation)}`;
  const [{ dialect, event }, { context, documents }] = await Promise.all([
    ask<EvaluationRecord>(at, { signal }),
    ask<KeptContext>(`${at}/context`, { signal }),
  ]);
  const scene = { dialect, context: pretty(context, event), hooks: documents[0]?.text ?? '' };
  return { scene, documents };
}

/** Names the event in the context, where the call named it beside the context. */
function pretty(context: string, event: string): string {
  try {
    return JSON.stringify({ hook_event_name: event, ...JSON.parse(context) }, null, 2);
  } catch {
    return context;
  }
}
