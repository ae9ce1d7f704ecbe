/** Two versions of a text side by side, without a way to change them. */
import { MergeView } from '@codemirror/merge';
import { extensionsOf, type Language } from './editor.ts';

interface Compared {
  readonly before: string;
  readonly after: string;
  readonly language: Language;
}

/** @returns a function that removes the view. */
export function openDifference(
  host: HTMLElement,
  { before, after, language }: Compared,
): () => void {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  const side = (label: string) =>
    extensionsOf({ label, language, isReadOnly: true, changed: () => {} });
  const view = new MergeView({
    a: { doc: before, extensions: side('The older version') },
    b: { doc: after, extensions: side('The newer version') },
    parent: root,
    root,
    collapseUnchanged: { margin: 3, minSize: 6 },
  });
  return () => view.destroy();
}
