/** The versions of a hook set that are kept, and how each differs from the text in the editor. */
import { useState } from 'preact/hooks';
import type { HookSetVersions } from '../../server/api-types.ts';
import { ask, send } from '../api.ts';
import { Difference } from '../editor/text-editor.tsx';
import { pathOf } from '../hook-set-draft.ts';
import { useLoaded } from '../load.ts';
import { shownTime } from '../shown.ts';
import { Loading } from './loading.tsx';

interface VersionsProps {
  readonly name: string;
  /** The text in the editor. */
  readonly text: string;
  readonly type: string;
  /** Puts the text of a version into the editor. */
  readonly take: (text: string) => void;
}

export function Versions({ name, text, type, take }: VersionsProps) {
  const versions = useLoaded(name, (signal) =>
    ask<HookSetVersions>(`${pathOf(name)}/versions`, { signal }),
  );
  const [chosen, setChosen] = useState<number>();
  return (
    <section>
      <h2>Versions</h2>
      <Loading what="The versions" loaded={versions}>
        {(value) => (
          <ul>
            {value.versions.map(({ version, storedAt, by, hookCount }) => (
              <li class="row">
                <button
                  type="button"
                  aria-pressed={chosen === version}
                  onClick={() => setChosen(chosen === version ? undefined : version)}
                >
                  Version {version}
                </button>
                <span class="quiet">
                  {shownTime(storedAt)}
                  {by !== undefined && ` by ${by}`}, {hookCount} hooks
                </span>
              </li>
            ))}
          </ul>
        )}
      </Loading>
      {chosen !== undefined && <Version {...{ name, text, type, take }} version={chosen} />}
    </section>
  );
}

function Version({ name, version, text, type, take }: VersionsProps & { version: number }) {
  const older = useLoaded(`${name} ${version}`, async (signal) => {
    const query = [['version', String(version)]] as const;
    return (await send(pathOf(name), { query, signal })).text();
  });
  return (
    <Loading what="The version" loaded={older}>
      {(value) => (
        <>
          {value === text ? (
            <p>Version {version} is the text in the editor.</p>
          ) : (
            <>
              <p class="row">
                Version {version}, and beside it the text in the editor.
                <button type="button" onClick={() => take(value)}>
                  Take version {version} into the editor
                </button>
              </p>
              <Difference
                before={value}
                after={text}
                language={type.includes('json') ? 'json' : 'yaml'}
              />
            </>
          )}
        </>
      )}
    </Loading>
  );
}
