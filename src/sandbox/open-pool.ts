/**
 * Builds a pool from an engine and profiles: the only way in which sandboxes are created.
 */
import os from 'node:os';
import { InvalidInputError } from '../errors.ts';
import { defaultProfile } from '../protocol/sandbox-kind.ts';
import { Engine } from './engine.ts';
import { imageName, readSeccompProfile } from './image.ts';
import { Pool } from './pool.ts';
import type { PoolOptions } from './pool-options.ts';
import {
  builtInProfile,
  builtInRemedy,
  failedCreation,
  findProfile,
  type Profile,
} from './profile.ts';
import { reap } from './reaper.ts';
import { Sandbox } from './sandbox.ts';
import {
  containerSpec,
  defaultLimits,
  drawJobUid,
  isGvisor,
  ownerLabel,
  type SandboxLimits,
} from './spec.ts';
import { createInWorkspace } from './workspace/create.ts';
import type { Workspaces } from './workspace/workspaces.ts';

export interface OpenPoolOptions extends Partial<Omit<PoolOptions, 'create'>> {
  readonly engine?: Engine;
  /** Image of the default profile. */
  readonly image?: string | undefined;
  readonly ociRuntime?: string | undefined;
  /** Limits of the default profile. */
  readonly limits?: Partial<SandboxLimits>;
  /** Profiles beside the default one, for which `image` and `limits` count. Default: `full`. */
  readonly profiles?: readonly Profile[];
  /** The folders of this machine that sandboxes may read; undefined: none. */
  readonly workspaces?: Workspaces | undefined;
  /** Extra labels on every container. */
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * Starts to create `warm` sandboxes at once; acquire() rejects with their errors. The caller closes
 * the pool with drain().
 */
export function openPool(options: OpenPoolOptions = {}): Pool {
  const {
    engine = new Engine(),
    image = imageName(),
    ociRuntime,
    limits,
    profiles = [builtInProfile('full')],
    workspaces,
    ...pool
  } = options;
  if (workspaces !== undefined && !engine.isLocal) throw notLocal();
  const labels = { [ownerLabel]: `${os.hostname()}:${process.pid}`, ...options.labels };
  const seccompProfile = readSeccompProfile();
  const narrow = hasNarrowIds(engine);
  const listed = profiles.find(({ name }) => name === defaultProfile);
  const usual = {
    name: defaultProfile,
    image,
    limits: { ...defaultLimits, ...limits },
    remedy: listed?.remedy ?? builtInRemedy(defaultProfile),
  };
  const all: readonly Profile[] = [usual, ...profiles.filter((one) => one !== listed)];
  return new Pool({
    warm: 1,
    max: 8,
    ...pool,
    reap: () => reap(engine, Date.now()),
    create: async (kind) => {
      const profile = findProfile(all, kind.profile);
      const jobUid = drawJobUid(await narrow());
      const { workspace } = kind;
      const spec = containerSpec({
        image: profile.image,
        seccompProfile,
        limits: profile.limits,
        jobUid,
        labels,
        runtime: ociRuntime,
        workspace,
      });
      const create = () =>
        Sandbox.create(engine, spec, jobUid).catch((error) => failedCreation(profile, error));
      if (workspace === undefined) return create();
      const gvisor = isGvisor(ociRuntime);
      return createInWorkspace(create, workspace, { workspaces, gvisor, id: kind.workspaceId });
    },
  });
}

function notLocal(): InvalidInputError {
  const text =
    '--workspace: the engine must be on this machine, and DOCKER_HOST names another one. Run hookpool there.';
  return new InvalidInputError('INVALID_CONFIG', text);
}

/**
 * Whether the engine runs in a user namespace. The engine is asked once, when the first sandbox is
 * created, and again if it did not answer.
 */
export function hasNarrowIds(engine: Pick<Engine, 'info'>): () => Promise<boolean> {
  let answer: Promise<boolean> | undefined;
  return () => {
    answer ??= engine
      .info()
      .then(({ securityOptions }) =>
        securityOptions.some((option) => /name=(rootless|userns)/.test(option)),
      );
    answer.catch(() => {
      answer = undefined;
    });
    return answer;
  };
}
