/** Every page: its name in the address, its title in the navigation (none: not listed), its code. */
import type { ComponentType } from 'preact';
import type { Route } from './route.ts';

export interface PageEntry {
  readonly name: string;
  readonly title: string;
  readonly load: () => Promise<ComponentType<{ route: Route }>>;
}

export const pages: readonly PageEntry[] = [
  {
    name: 'evaluations',
    title: 'Evaluations',
    load: async () => (await import('./pages/evaluations.tsx')).Evaluations,
  },
];
