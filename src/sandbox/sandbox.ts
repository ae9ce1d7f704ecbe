/**
 * One live container and its supervisor.
 *
 * States: starting -> idle -> running -> resetting -> idle ... -> gone. `gone` is final and
 * reachable from every state: by an unexpected frame, a closed stream, an expired timer or
 * destroy(). Only #become() writes the state.
 */
import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { messageOf, SandboxError } from '../errors.ts';
import { emptyRun, type RunRequest, type RunResult } from '../protocol/run.ts';
import { Channel } from './channel.ts';
import type { ContainerSpec } from './container-spec.ts';
import { decodeDone } from './done.ts';
import type { Frame } from './frame-reader.ts';
import { encodeBundle, encodeCancel, encodeHello, encodeJob, nonceBytes } from './frames.ts';
import { leftState, maxStateFrameBytes } from './left-state.ts';
import { withStateFolder } from './state-folder.ts';
import { checkVersion } from './wire-version.ts';

/** The calls of the engine that a sandbox needs. */
export interface SandboxEngine {
  create(spec: ContainerSpec): Promise<string>;
  attach(id: string): Promise<Duplex>;
  start(id: string): Promise<void>;
  remove(id: string): Promise<void>;
}

export type SandboxState = 'starting' | 'idle' | 'running' | 'resetting' | 'gone';

/** Timeout from the start to READY, in which the interpreter warms up. */
const helloTimeoutMs = 20_000;
/** The supervisor limits a reset to 250 ms; one that has not answered after this time is stuck. */
const resetTimeoutMs = 1_000;
/** How far the supervisor's own timer may lag before the host ends the container. */
const timerGraceMs = 500;
const cancelGraceMs = 500;

export class Sandbox {
  readonly id: string;
  readonly jobUid: number;
  readonly createdAt = performance.now();
  readonly #engine: SandboxEngine;
  readonly #channel: Channel;
  #state: SandboxState = 'starting';
  #removed: Promise<void> | undefined;
  #onGone: ((cause: Error) => void) | undefined;
  #jobs = 0;
  /** Digest of the files that lie at projectPath. */
  #bundle: string | undefined;

  /**
   * Creates a container, attaches, starts it (in this order: output before an attach is lost) and
   * sends HELLO.
   * @throws UnavailableError, SandboxError. A container that was created is removed again.
   */
  static async create(
    engine: SandboxEngine,
    spec: ContainerSpec,
    jobUid: number,
  ): Promise<Sandbox> {
    const id = await engine.create(spec);
    let stream: Duplex | undefined;
    try {
      stream = await engine.attach(id);
      await engine.start(id);
      const sandbox = new Sandbox(engine, id, jobUid, stream);
      await sandbox.#greet();
      return sandbox;
    } catch (error) {
      stream?.destroy();
      await engine.remove(id).catch(() => undefined);
      throw error;
    }
  }

  private constructor(engine: SandboxEngine, id: string, jobUid: number, stream: Duplex) {
    this.#engine = engine;
    this.id = id;
    this.jobUid = jobUid;
    this.#channel = new Channel(stream, (why) => this.#lose(why));
  }

  get state(): SandboxState {
    return this.#state;
  }

  /** Jobs that were started here. */
  get jobs(): number {
    return this.#jobs;
  }

  /** Sets the listener that is called once, when this sandbox is lost for any reason. */
  onGone(listener: (cause: Error) => void): void {
    this.#onGone = listener;
  }

  /**
   * Runs one script. Resolves with the facts, whatever the script did; the reset follows after that
   * (see `ready()`).
   * @throws SandboxError when the sandbox failed, which says nothing about the script.
   */
  async run(request: RunRequest, signal?: AbortSignal): Promise<RunResult> {
    if (this.#state !== 'idle')
      throw (
        this.#channel.cause ?? new SandboxError('SANDBOX_LOST', `The sandbox is ${this.#state}.`)
      );
    const { limits } = request;
    const nonce = randomBytes(nonceBytes);
    const started = performance.now();
    this.#become('running');
    this.#jobs++;
    const { state } = request;
    const stateBytes = state === undefined ? 0 : maxStateFrameBytes;
    this.#channel.expectOutput(limits.stdoutBytes + limits.stderrBytes, stateBytes);
    const answer = this.#channel.answerTo(nonce);
    this.#send(nonce, request);
    const timer = setTimeout(
      () => this.#lose('its supervisor missed the timeout'),
      limits.timeoutMs + timerGraceMs,
    );
    const uncancel = this.#cancelOn(signal, nonce);
    try {
      const frame = await answer;
      if (frame.type !== 'done') throw this.#badAnswer(frame);
      const result = decodeDone(frame.payload, limits);
      const left = leftState(state !== undefined, result.status, this.#channel.takeState());
      if (result.status === 'exited') this.#become('resetting');
      else this.#lose(`its job ended as ${result.status}`);
      return left === undefined ? result : { ...result, state: left };
    } catch (error) {
      this.#lose(messageOf(error));
      const late = performance.now() - started;
      if (late >= limits.timeoutMs) return emptyRun('timed-out', late);
      if (signal?.aborted) return emptyRun('cancelled', late);
      throw error;
    } finally {
      clearTimeout(timer);
      uncancel();
    }
  }

  /** After run(): true when the supervisor proved that nothing of the job is left. */
  async ready(): Promise<boolean> {
    if (this.#state !== 'resetting') return this.#state === 'idle';
    const timer = setTimeout(() => this.#lose('its reset took too long'), resetTimeoutMs);
    try {
      const frame = await this.#channel.following();
      if (frame.type === 'dirty')
        throw new SandboxError('SANDBOX_LOST', frame.payload.toString('latin1'));
      if (frame.type !== 'ready') throw this.#badAnswer(frame);
      this.#become('idle');
      return true;
    } catch (error) {
      this.#lose(messageOf(error));
      return false;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Pings an idle supervisor; a sandbox that has not answered the last ping is given up. */
  ping(): void {
    if (this.#state === 'idle') this.#channel.ping();
  }

  /** Ends the container and waits until the engine has removed it. Safe to call at any time. */
  async destroy(): Promise<void> {
    this.#lose('it was destroyed');
    await this.#removed;
  }

  async #greet(): Promise<void> {
    const nonce = randomBytes(nonceBytes);
    const timer = setTimeout(() => this.#lose('it did not get ready in time'), helloTimeoutMs);
    try {
      const answer = this.#channel.answerTo(nonce);
      this.#channel.write(encodeHello(nonce));
      const frame = await answer;
      if (frame.type !== 'ready') throw this.#badAnswer(frame);
      checkVersion(frame.payload);
      this.#become('idle');
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Sends the files only if they differ from those of the last job, which the supervisor keeps:
   * most sandboxes get theirs once.
   */
  #send(nonce: Buffer, request: RunRequest): void {
    const digest = request.bundle?.digest;
    if (digest !== this.#bundle) this.#channel.write(encodeBundle(nonce, request.bundle));
    this.#bundle = digest;
    this.#channel.write(encodeJob(nonce, withStateFolder(request)));
  }

  #cancelOn(signal: AbortSignal | undefined, nonce: Buffer): () => void {
    if (signal === undefined) return () => undefined;
    let timer: NodeJS.Timeout | undefined;
    const cancel = () => {
      this.#channel.write(encodeCancel(nonce));
      timer = setTimeout(() => this.#lose('it did not obey a cancellation'), cancelGraceMs);
    };
    if (signal.aborted) cancel();
    else signal.addEventListener('abort', cancel, { once: true });
    return () => {
      signal.removeEventListener('abort', cancel);
      clearTimeout(timer);
    };
  }

  #badAnswer(frame: Frame): SandboxError {
    return new SandboxError('BAD_FRAME', `A supervisor answered with ${frame.type} out of turn.`);
  }

  #become(state: SandboxState): void {
    if (this.#state !== 'gone') this.#state = state;
  }

  /**
   * Keeps the first cause only. Closing the container's stdin ends it; remove() is the fallback.
   */
  #lose(why: string): void {
    if (this.#state === 'gone') return;
    this.#become('gone');
    const { log } = this.#channel;
    const cause = new SandboxError(
      'SANDBOX_LOST',
      `Sandbox ${this.id.slice(0, 12)} is lost: ${why}.${log && ` Its log: ${log}`}`,
    );
    this.#channel.close(cause);
    this.#removed = this.#engine.remove(this.id);
    this.#removed.catch(() => undefined);
    this.#onGone?.(cause);
  }
}
