/** One hook set: its text in an editor, what is understood of it, its versions, and what it would change. */
import { useState } from 'preact/hooks';
import { hrefOf, type Route } from '../address.ts';
import { visible } from '../ansi.ts';
import { ApiError } from '../api.ts';
import type { Marked } from '../editor/editor.ts';
import { type Given, TextEditor } from '../editor/text-editor.tsx';
import { useCheck } from '../hook-set-check.ts';
import { readSet, removeSet, type StoredText, storeText } from '../hook-set-draft.ts';
import { useLoaded } from '../load.ts';
import { Loading } from '../parts/loading.tsx';
import { Outline } from '../parts/outline.tsx';
import { TryOut } from '../parts/try-out.tsx';
import { Versions } from '../parts/versions.tsx';
import { go } from '../route.ts';
import { useUnsavedWarning } from '../unsaved.ts';

export function HookSet({ route: { path } }: { route: Route }) {
  const [, name = ''] = path;
  const [saved, setSaved] = useState(0);
  const [said, setSaid] = useState('');
  const stored = useLoaded(name, (signal) => readSet(name, signal), saved);
  return (
    <>
      <h1>Hook set {name}</h1>
      <p role="status">{said}</p>
      <Loading what="The hook set" loaded={stored}>
        {(value) => (
          <Draft
            key={`${name} ${value.etag}`}
            name={name}
            stored={value}
            reload={(said = '') => {
              setSaid(said);
              setSaved((count) => count + 1);
            }}
          />
        )}
      </Loading>
    </>
  );
}

interface DraftProps {
  readonly name: string;
  readonly stored: StoredText;
  /** Reads the stored text again. @param said told to the person */
  readonly reload: (said?: string) => void;
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

function Problems({ marks, failure }: { marks: readonly Marked[]; failure: string }) {
  return (
    <div role="status" class="problems">
      {failure !== '' && <p>The text could not be checked: {visible(failure)}</p>}
      {marks.length === 0 && failure === '' && <p class="quiet">No problems.</p>}
      <ul>
        {marks.map(({ line, column, message, severity }) => (
          <li class={severity}>
            {severity} {line}:{column} {visible(message)}
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
    { kind: 'idle' | 'saving' } | { kind: 'failed'; error: ApiError }
  >({
    kind: 'idle',
  });
  const attempt = async (action: () => Promise<unknown>, then: () => void) => {
    setState({ kind: 'saving' });
    try {
      await action();
      setState({ kind: 'idle' });
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
        onClick={() =>
          attempt(
            () => storeText(name, stored, text),
            () => reload('Saved.'),
          )
        }
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
        {state.kind === 'failed' && <Refused error={state.error} reload={reload} />}
      </div>
    </div>
  );
}

/** Another window may have stored a version meanwhile: nothing is overwritten. */
function Refused({ error, reload }: { error: ApiError; reload: DraftProps['reload'] }) {
  if (error.status !== 412) return <p class="failure">{error.message}</p>;
  return (
    <p class="failure">
      Somebody else has changed this hook set meanwhile. Copy what you wrote, then{' '}
      <button type="button" onClick={() => reload()}>
        load the stored version
      </button>
    </p>
  );
}
