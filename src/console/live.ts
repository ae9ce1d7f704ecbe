/**
 * The live events of the server. EventSource cannot send the header with the token, and a token in an
 * address would stand in logs, so the stream is read with fetch.
 */
import { useEffect, useState } from 'preact/hooks';
import type { LiveEvents } from '../server/api-types.ts';
import { ApiError, send } from './api.ts';
import { EventReader } from './event-reader.ts';

export type LiveState = 'connecting' | 'live' | 'refused' | 'away';

type Listener = <Name extends keyof LiveEvents>(name: Name, data: LiveEvents[Name]) => void;

/** The server sends something every 15 s: a stream that is silent for longer has broken. */
const silenceMs = 45_000;
const firstWaitMs = 500;
const longestWaitMs = 30_000;

interface Follower {
  /** Called for each event. */
  readonly heard: Listener;
  /** Events may have been missed: before the stream was open, or because the server has dropped some. */
  readonly missed: () => void;
}

/** Follows the events while the page is open, over new connections where needed. */
export function useLive(isOn: boolean, follower: Follower): LiveState {
  const [state, setState] = useState<LiveState>('connecting');
  useEffect(() => {
    if (!isOn) return undefined;
    const ended = new AbortController();
    void follow(follower, setState, ended.signal);
    return () => ended.abort();
  }, [isOn]);
  return state;
}

async function follow(
  follower: Follower,
  setState: (state: LiveState) => void,
  ended: AbortSignal,
): Promise<void> {
  let waitMs = firstWaitMs;
  let lastId = '';
  const heard: Heard = {
    opened: () => {
      setState('live');
      waitMs = firstWaitMs;
      // Later connections go on behind the last event.
      if (lastId === '') follower.missed();
    },
    event: ({ id, type, data }) => {
      if (id !== '') lastId = id;
      if (type === 'dropped') follower.missed();
      follower.heard(type as keyof LiveEvents, JSON.parse(data));
    },
  };
  while (!ended.aborted) {
    setState('connecting');
    const error = await readStream(lastId, ended, heard).catch((thrown: unknown) => thrown);
    if (ended.aborted) return;
    if (isRefusal(error)) {
      setState('refused');
      return;
    }
    setState('away');
    await pause(waitMs, ended);
    waitMs = Math.min(2 * waitMs, longestWaitMs);
  }
}

/** A token that may not read events will not be allowed to by asking again. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  return error.status >= 400 && error.status < 500 && error.status !== 429;
}

interface Heard {
  readonly opened: () => void;
  readonly event: (event: { id: string; type: string; data: string }) => void;
}

async function readStream(lastId: string, ended: AbortSignal, heard: Heard): Promise<void> {
  const silent = new AbortController();
  let timer = setTimeout(() => silent.abort(), silenceMs);
  try {
    const response = await send('/v1/events', {
      headers: lastId === '' ? {} : { 'last-event-id': lastId },
      signal: AbortSignal.any([ended, silent.signal]),
    });
    heard.opened();
    const reader = new EventReader();
    const text = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = (await text?.read()) ?? { done: true, value: undefined };
      if (done || value === undefined) return;
      clearTimeout(timer);
      timer = setTimeout(() => silent.abort(), silenceMs);
      for (const event of reader.read(value)) heard.event(event);
    }
  } finally {
    clearTimeout(timer);
    // Ends the connection also after a text that is no stream of events.
    silent.abort();
  }
}

function pause(ms: number, ended: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      ended.removeEventListener('abort', done);
      resolve();
    }
    ended.addEventListener('abort', done);
  });
}
