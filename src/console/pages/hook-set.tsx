/** One hook set: its text in an editor, what is understood of it, its versions, and what it would change. */
import { useEffect, useState } from 'preact/hooks';
import type { CheckAnswer } from '../../server/api-types.ts';
import { hrefOf, type Route } from '../address.ts';
import { ApiError } from '../api.ts';
import type { Marked } from '../editor/editor.ts';
import { type Given, TextEditor } from '../editor/text-editor.tsx';
import { checkText, readSet, removeSet, type StoredText, storeText } from '../hook-set-draft.ts';
import { useLoaded } from '../load.ts';
import { Loading } from '../parts/loading.tsx';
import { Outline } from '../parts/outline.tsx';
import { TryOut } from '../parts/try-out.tsx';
import { Versions } from '../parts/versions.tsx';
import { go } from '../route.ts';

/** A pause in typing after which the text is checked. */
const pauseMs = 400;
const wholePauseMs = 1_200;

export function HookSet({ route: { path } }: { route: Route }) {
  const [, name = ''] = path;
  const [saved, setSaved] = useState(0);
  const stored = useLoaded(name, (signal) => readSet(name, signal), saved);
  return (
    <>
      <h1>Hook set {name}</h1>
      <Loading what="The hook set" loaded={stored}>
        {(value) => (
          <Draft
            key={`${name} ${value.etag}`}
            name={name}
            stored={value}
            reload={() => setSaved((count) => count + 1)}
          />
        )}
      </Loading>
    </>
  );
}

interface DraftProps {
  readonly name: string;
  readonly stored: StoredText;
  readonly reload: () => void;
}

function Draft({ name, stored, reload }: DraftProps) {
  const [text, setText] = useState(stored.text);
  const [given, setGiven] = useState<Given>(stored);
  const check = useCheck(stored, text);
  const isChanged = text !== stored.text || stored.etag === '';
  useUnsavedWarning(isChanged && text !== stored.text);
  return (
    <>
      <div class="columns">
        <section aria-label="Text">
          <TextEditor
            label={`Text of the hook set ${name}`}
            given={given}
            language={stored.type.includes('json') ? 'json' : 'yaml'}
            changed={setText}
            problems={check.marks}
          />
          <Problems marks={check.marks} failure={check.failure} />
          <Save {...{ name, stored, text, isChanged, reload }} hasProblems={check.hasProblems} />
        </section>
        <section aria-label="Understood">
          <h2>What is understood</h2>
          {check.answer !== undefined && <Outline answer={check.answer} />}
        </section>
      </div>
      {stored.etag !== '' && <TryOut name={name} stored={stored} text={text} />}
      {stored.etag !== '' && (
        <Versions
          name={name}
          text={text}
          take={(taken) => setGiven({ text: taken })}
          type={stored.type}
        />
      )}
    </>
  );
}

interface Checked {
  readonly answer?: CheckAnswer;
  readonly marks: readonly Marked[];
  readonly hasProblems: boolean;
  readonly failure: string;
}

/**
 * Checks the text after each pause in typing, and after a longer one also with the interpreters of its
 * scripts, which takes a sandbox. The answer to an older text is dropped.
 */
function useCheck(stored: StoredText, text: string): Checked {
  const [checked, setChecked] = useState<Checked>({ marks: [], hasProblems: false, failure: '' });
  useEffect(() => {
    const ended = new AbortController();
    const check = async (isWhole: boolean) => {
      try {
        const answer = await checkText(stored, text, { isWhole, signal: ended.signal });
        setChecked({ answer, marks: marksOf(answer), hasProblems: !answer.ok, failure: '' });
      } catch (error) {
        if (ended.signal.aborted) return;
        const failure = error instanceof ApiError ? error.message : String(error);
        setChecked((before) => ({ ...before, failure }));
      }
    };
    const timers = [
      setTimeout(() => check(false), pauseMs),
      setTimeout(() => check(true), wholePauseMs),
    ];
    return () => {
      for (const timer of timers) clearTimeout(timer);
      ended.abort();
    };
  }, [stored, text]);
  return checked;
}

function marksOf({ problems, warnings }: CheckAnswer): Marked[] {
  return [
    ...problems.map((problem) => ({ ...problem, severity: 'error' as const })),
    ...warnings.map((warning) => ({ ...warning, severity: 'warning' as const })),
  ];
}

function Problems({ marks, failure }: { marks: readonly Marked[]; failure: string }) {
  return (
    <div role="status" class="problems">
      {failure !== '' && <p>The text could not be checked: {failure}</p>}
      {marks.length === 0 && failure === '' && <p class="quiet">No problems.</p>}
      <ul>
        {marks.map(({ line, column, message, severity }) => (
          <li class={severity}>
            {severity} {line}:{column} {message}
          </li>
        ))}
      </ul>
    </div>
  );
}

interface SaveProps extends DraftProps {
  readonly text: string;
  readonly isChanged: boolean;
  readonly hasProblems: boolean;
}

function Save({ name, stored, text, isChanged, hasProblems, reload }: SaveProps) {
  const [state, setState] = useState<
    { kind: 'idle' | 'saving' | 'saved' } | { kind: 'failed'; error: ApiError }
  >({
    kind: 'idle',
  });
  const attempt = async (action: () => Promise<unknown>, then: () => void) => {
    setState({ kind: 'saving' });
    try {
      await action();
      setState({ kind: 'saved' });
      then();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setState({ kind: 'failed', error });
    }
  };
  return (
    <div class="row">
      <button
        type="button"
        class="main"
        disabled={!isChanged || hasProblems || state.kind === 'saving'}
        onClick={() => attempt(() => storeText(name, stored, text), reload)}
      >
        Save
      </button>
      {stored.etag !== '' && (
        <button
          type="button"
          onClick={() => {
            if (!confirm(`Remove the hook set ${name}? Its hooks will run no more.`)) return;
            void attempt(
              () => removeSet(name, stored),
              () => go(hrefOf(['hook-sets'])),
            );
          }}
        >
          Remove
        </button>
      )}
      <div role="status">
        {state.kind === 'saved' && 'Saved.'}
        {state.kind === 'failed' && <Refused error={state.error} reload={reload} />}
      </div>
    </div>
  );
}

/** Another window may have stored a version meanwhile: nothing is overwritten. */
function Refused({ error, reload }: { error: ApiError; reload: () => void }) {
  if (error.status !== 412) return <p class="failure">{error.message}</p>;
  return (
    <p class="failure">
      Somebody else has changed this hook set meanwhile. Copy what you wrote, then{' '}
      <button type="button" onClick={reload}>
        load the stored version
      </button>
    </p>
  );
}

function useUnsavedWarning(isUnsaved: boolean): void {
  useEffect(() => {
    if (!isUnsaved) return undefined;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [isUnsaved]);
}
