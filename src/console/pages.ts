/** Every page: its name in the address, its title in the navigation (none: not listed), its code. */
import type { ComponentType } from 'preact';
import type { Route } from './address.ts';

export interface PageEntry {
  readonly name: string;
  readonly title: string;
  readonly load: () => Promise<ComponentType<{ route: Route }>>;
}

export const pages: readonly PageEntry[] = [
  {
    name: '',
    title: 'Overview',
    load: async () => (await import('./pages/overview.tsx')).Overview,
  },
  {
    name: 'evaluations',
    title: 'Evaluations',
    load: async () => (await import('./pages/evaluations.tsx')).Evaluations,
  },
  {
    name: 'evaluation',
    title: '',
    load: async () => (await import('./pages/evaluation.tsx')).Evaluation,
  },
  {
    name: 'hook-sets',
    title: 'Hook sets',
    load: async () => (await import('./pages/hook-sets.tsx')).HookSets,
  },
  {
    name: 'hook-set',
    title: '',
    load: async () => (await import('./pages/hook-set.tsx')).HookSet,
  },
  {
    name: 'threads',
    title: 'Threads',
    load: async () => (await import('./pages/threads.tsx')).Threads,
  },
  {
    name: 'playground',
    title: 'Playground',
    load: async () => (await import('./pages/playground.tsx')).Playground,
  },
  {
    name: 'system',
    title: 'Pool and queue',
    load: async () => (await import('./pages/system.tsx')).System,
  },
];
