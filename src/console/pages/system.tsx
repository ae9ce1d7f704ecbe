/** The pool and the queue: workers, the line of each tenant, sandboxes, and quarantined scripts. */

import { useRef, useState } from 'preact/hooks';
import { messageOf } from '../../errors.ts';
import type { SystemAnswer } from '../../server/api-types.ts';
import { visible } from '../ansi.ts';
import { ask } from '../api.ts';
import { useEvery } from '../every.ts';
import { useLoaded } from '../load.ts';
import { Loading } from '../parts/loading.tsx';
import { shownMs, shownTime } from '../shown.ts';

const everyMs = 5_000;

export function System() {
  const isBusy = useRef(false);
  const beat = useEvery(everyMs, isBusy);
  const [released, setReleased] = useState(0);
  const system = useLoaded(
    'system',
    (signal) => ask<SystemAnswer>('/v1/system', { signal }),
    beat + released,
  );
  isBusy.current = system.state === 'loading';
  return (
    <>
      <h1>Pool and queue</h1>
      <Loading what="The state of the server" loaded={system}>
        {(value) => <Whole system={value} changed={() => setReleased((count) => count + 1)} />}
      </Loading>
    </>
  );
}

function Whole({ system, changed }: { system: SystemAnswer; changed: () => void }) {
  const { version, ready, reason, mode, tenants, pool } = system;
  return (
    <>
      <p>
        hookpool {version}, {mode === 'pool' ? 'with sandboxes of its own' : 'with a queue'}:{' '}
        <strong>{ready ? 'ready' : 'not ready'}</strong>
        {reason !== undefined && `: ${reason}`}. {placesText(tenants)}
      </p>
      {pool !== undefined && <Sandboxes pool={pool} />}
      <Workers workers={system.workers} />
      <Lines tenants={system.tenants} />
      <Quarantine entries={system.quarantine} changed={changed} />
    </>
  );
}

function placesText(tenants: SystemAnswer['tenants']): string {
  const running = tenants.reduce((sum, one) => sum + one.running, 0);
  const waiting = tenants.reduce((sum, one) => sum + one.waiting, 0);
  return `${running} running, ${waiting} waiting.`;
}

function Sandboxes({ pool }: { pool: NonNullable<SystemAnswer['pool']> }) {
  return (
    <>
      <h2>Sandboxes</h2>
      <dl class="numbers">
        {Object.entries(pool).map(([state, count]) => (
          <div>
            <dt>{state}</dt>
            <dd>{count}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function Workers({ workers }: { workers: SystemAnswer['workers'] }) {
  if (workers.length === 0) return null;
  return (
    <>
      <h2>Workers</h2>
      <div class="wide">
        <table>
          <thead>
            <tr>
              <th scope="col">Worker</th>
              <th scope="col">Slots</th>
              <th scope="col">Running</th>
              <th scope="col">Mean job</th>
              <th scope="col">State</th>
            </tr>
          </thead>
          <tbody>
            {workers.map(({ name, capacity, running, meanJobMs, stuckMs, readable }) => (
              <tr>
                <td class="mono">{visible(name)}</td>
                <td>{capacity}</td>
                <td>{running}</td>
                <td>{shownMs(meanJobMs)}</td>
                <td>
                  {!readable && 'its heartbeat cannot be read'}
                  {stuckMs !== undefined && `has not moved for ${shownMs(stuckMs)}`}
                  {readable && stuckMs === undefined && 'working'}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Lines({ tenants }: { tenants: SystemAnswer['tenants'] }) {
  if (tenants.length === 0) return null;
  return (
    <>
      <h2>Line of each tenant</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">Tenant</th>
            <th scope="col">Running</th>
            <th scope="col">Waiting</th>
          </tr>
        </thead>
        <tbody>
          {tenants.map(({ tenant, running, waiting }) => (
            <tr>
              <td>{visible(tenant)}</td>
              <td>{running}</td>
              <td>{waiting}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

interface QuarantineProps {
  readonly entries: SystemAnswer['quarantine'];
  readonly changed: () => void;
}

function Quarantine({ entries, changed }: QuarantineProps) {
  const [failure, setFailure] = useState('');
  const release = async (hash: string) => {
    setFailure('');
    try {
      await ask(`/v1/quarantine/${encodeURIComponent(hash)}`, { method: 'DELETE' });
      changed();
    } catch (error) {
      setFailure(messageOf(error));
    }
  };
  return (
    <>
      <h2>Quarantine</h2>
      {entries.length === 0 && <p class="quiet">No script is quarantined.</p>}
      <ul>
        {entries.map(({ hash, until, kind, proofs }) => (
          <li class="row">
            <span class="mono">{visible(hash)}</span>
            <span>
              {visible(kind)}, {proofs} proofs, until {shownTime(until)}
            </span>
            <button type="button" onClick={() => release(hash)}>
              Release<span class="unseen"> {visible(hash)}</span>
            </button>
          </li>
        ))}
      </ul>
      {failure !== '' && <p role="alert">{visible(failure)}</p>}
    </>
  );
}
