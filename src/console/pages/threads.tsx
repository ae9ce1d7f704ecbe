/** Threads: which on-demand hooks are switched on for each, and the switches. */

import { useState } from 'preact/hooks';
import { messageOf } from '../../errors.ts';
import type { ThreadList, ThreadSwitches } from '../../server/api-types.ts';
import { hrefOf, type Route } from '../address.ts';
import { visible } from '../ansi.ts';
import { ask } from '../api.ts';
import { useLoaded } from '../load.ts';
import { Loading } from '../parts/loading.tsx';
import { go } from '../route.ts';
import { shownCount, shownTime } from '../shown.ts';

export function Threads({ route: { path, query } }: { route: Route }) {
  const [, thread] = path;
  if (thread !== undefined) return <Thread key={thread} thread={thread} />;
  return <Search prefix={query.get('prefix') ?? ''} />;
}

function Search({ prefix }: { prefix: string }) {
  const found = useLoaded(prefix, (signal) =>
    ask<ThreadList>('/v1/threads', { query: [['prefix', prefix]], signal }),
  );
  const show = (text: string) => go(hrefOf(['threads'], [['prefix', text]]), true);
  return (
    <>
      <h1>Threads</h1>
      <label class="field">
        Name begins with
        <input
          type="search"
          value={prefix}
          maxLength={256}
          onInput={({ currentTarget }) => show(currentTarget.value)}
        />
      </label>
      <p class="quiet">
        Listed are threads with kept evaluations, the newest first. Any other is opened by its name:{' '}
        {prefix !== '' && <a href={hrefOf(['threads', prefix])}>open {visible(prefix)}</a>}
      </p>
      <Loading what="The threads" loaded={found}>
        {({ threads, complete }) => (
          <>
            {threads.length === 0 && <p>No kept evaluation names such a thread.</p>}
            <ul>
              {threads.map(({ thread, lastAt, hooks }) => (
                <li>
                  <a href={hrefOf(['threads', thread])}>{visible(thread)}</a>{' '}
                  <span class="quiet">
                    {shownCount(hooks.length, 'hook')} switched on, last used {shownTime(lastAt)}
                  </span>
                </li>
              ))}
            </ul>
            {!complete && <p class="quiet">There are more: write more of the name.</p>}
          </>
        )}
      </Loading>
    </>
  );
}

function Thread({ thread }: { thread: string }) {
  const at = `/v1/threads/${encodeURIComponent(thread)}/hooks`;
  const [changes, setChanges] = useState(0);
  const [failure, setFailure] = useState('');
  const [name, setName] = useState('');
  const active = useLoaded(thread, (signal) => ask<ThreadSwitches>(at, { signal }), changes);
  const change = async (hook: string, method: 'PUT' | 'DELETE') => {
    setFailure('');
    try {
      await ask(`${at}/${encodeURIComponent(hook)}`, { method });
      setChanges((count) => count + 1);
      setName('');
    } catch (error) {
      setFailure(messageOf(error));
    }
  };
  return (
    <>
      <h1>Thread {visible(thread)}</h1>
      <p>
        <a href={hrefOf(['evaluations'], [['thread', thread]])}>Its evaluations</a>
      </p>
      <h2>Hooks that are switched on</h2>
      <Loading what="The hooks" loaded={active}>
        {({ hooks }) => (
          <>
            {hooks.length === 0 && <p class="quiet">No on-demand hook is switched on.</p>}
            <ul>
              {hooks.map((hook) => (
                <li class="row">
                  <span>{visible(hook)}</span>
                  <button type="button" onClick={() => change(hook, 'DELETE')}>
                    Switch off<span class="unseen"> {visible(hook)}</span>
                  </button>
                </li>
              ))}
            </ul>
          </>
        )}
      </Loading>
      <form
        class="row"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '') void change(name.trim(), 'PUT');
        }}
      >
        <label class="field">
          Name of an on-demand hook
          <input
            value={name}
            maxLength={256}
            onInput={({ currentTarget }) => setName(currentTarget.value)}
          />
        </label>
        <button type="submit" disabled={name.trim() === ''}>
          Switch on
        </button>
      </form>
      {failure !== '' && <p role="alert">{visible(failure)}</p>}
    </>
  );
}
