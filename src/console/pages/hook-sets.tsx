/** All stored hook sets of the tenant. */
import { useState } from 'preact/hooks';
import type { HookSetDescription } from '../../server/api-types.ts';
import { hrefOf } from '../address.ts';
import { ask } from '../api.ts';
import { useLoaded } from '../load.ts';
import { Loading } from '../parts/loading.tsx';
import { go } from '../route.ts';
import { shownTime } from '../shown.ts';

export function HookSets() {
  const sets = useLoaded('hook sets', (signal) =>
    ask<{ hooksets: HookSetDescription[] }>('/v1/hooksets', { signal }),
  );
  return (
    <>
      <h1>Hook sets</h1>
      <NewSet />
      <Loading what="The hook sets" loaded={sets}>
        {({ hooksets }) => <SetTable sets={hooksets} />}
      </Loading>
    </>
  );
}

function SetTable({ sets }: { sets: readonly HookSetDescription[] }) {
  if (sets.length === 0) return <p>No hook set is stored yet.</p>;
  return (
    <div class="wide">
      <table>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Agent</th>
            <th scope="col">Format</th>
            <th scope="col">Hooks</th>
            <th scope="col">Version</th>
            <th scope="col">Stored</th>
            <th scope="col">Evaluations</th>
          </tr>
        </thead>
        <tbody>
          {sets.map(({ name, dialect, format, hookCount, version, storedAt, scope }) => (
            <tr>
              <td>
                {scope === 'named' ? <a href={hrefOf(['hook-set', name])}>{name}</a> : name}
                {scope !== 'named' && <span class="quiet"> {scope}</span>}
              </td>
              <td>{dialect}</td>
              <td>{format}</td>
              <td>{hookCount}</td>
              <td>{version}</td>
              <td>
                <time dateTime={storedAt}>{shownTime(storedAt)}</time>
              </td>
              <td>
                <a href={hrefOf(['evaluations'], [['hookset', name]])}>show</a>{' '}
                <a
                  href={hrefOf(
                    ['evaluations'],
                    [
                      ['hookset', name],
                      ['decision', 'block'],
                    ],
                  )}
                >
                  blocked
                </a>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function NewSet() {
  const [name, setName] = useState('');
  return (
    <form
      class="row"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== '') go(hrefOf(['hook-set', name.trim()]));
      }}
    >
      <label class="field">
        New hook set
        <input
          value={name}
          maxLength={64}
          placeholder="name"
          onInput={({ currentTarget }) => setName(currentTarget.value)}
        />
      </label>
      <button type="submit" disabled={name.trim() === ''}>
        Write it
      </button>
    </form>
  );
}
