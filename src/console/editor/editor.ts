/**
 * The text editor. CodeMirror puts a style element into a document, which the CSP of this page refuses;
 * in a shadow root it uses constructable style sheets, which are allowed (measured in Chromium 156).
 */
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { python } from '@codemirror/lang-python';
import { yaml } from '@codemirror/lang-yaml';
import {
  bracketMatching,
  HighlightStyle,
  indentOnInput,
  StreamLanguage,
  syntaxHighlighting,
} from '@codemirror/language';
import { shell } from '@codemirror/legacy-modes/mode/shell';
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { Problem } from '../api.ts';

export type Language = 'yaml' | 'json' | 'python' | 'bash';

export interface Marked extends Problem {
  readonly severity: 'error' | 'warning';
}

export interface EditorSettings {
  /** For screen readers. */
  readonly label: string;
  readonly text: string;
  readonly language: Language;
  readonly changed: (text: string) => void;
  readonly isReadOnly?: boolean;
}

export interface Editor {
  readonly view: EditorView;
  readonly replace: (text: string) => void;
  readonly mark: (problems: readonly Marked[]) => void;
  readonly close: () => void;
}

/** @param host an element that gets a shadow root, and whose height the editor takes. */
export function openEditor(host: HTMLElement, settings: EditorSettings): Editor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({ doc: settings.text, extensions: extensionsOf(settings) }),
  });
  return {
    view,
    replace: (text) => {
      if (view.state.doc.toString() === text) return;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    mark: (problems) =>
      view.dispatch(
        setDiagnostics(
          view.state,
          problems.map((one) => diagnosticOf(view, one)),
        ),
      ),
    close: () => view.destroy(),
  };
}

/** What both editors and the view of differences are made of. */
export function extensionsOf({
  label,
  language,
  changed,
  isReadOnly = false,
}: Omit<EditorSettings, 'text'>): Extension[] {
  return [
    lineNumbers(),
    history(),
    indentOnInput(),
    bracketMatching(),
    highlightSelectionMatches(),
    syntaxHighlighting(highlighting),
    lintGutter(),
    languages[language](),
    EditorState.tabSize.of(2),
    EditorState.readOnly.of(isReadOnly),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': label }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) changed(update.state.doc.toString());
    }),
    // Escape and then Tab leaves the editor, as everywhere with CodeMirror.
    keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, ...lintKeymap, indentWithTab]),
    theme,
  ];
}

const languages: Readonly<Record<Language, () => Extension>> = {
  yaml: () => yaml(),
  json: () => json(),
  python: () => python(),
  bash: () => StreamLanguage.define(shell),
};

/** CodeMirror's own colours have too little contrast on a dark page. */
const highlighting = HighlightStyle.define([
  {
    tag: [tags.keyword, tags.propertyName, tags.definition(tags.propertyName)],
    color: 'var(--link)',
  },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--allow)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--fail-mode)' },
  { tag: tags.comment, color: 'var(--quiet)' },
]);

/** Colours of the page, which custom properties bring into the shadow root. */
const theme = EditorView.theme({
  '&': {
    height: '100%',
    fontSize: '13px',
    color: 'var(--text)',
    backgroundColor: 'var(--page)',
    border: '1px solid var(--line)',
    borderRadius: '4px',
  },
  '&.cm-focused': { outline: '2px solid var(--link)' },
  '.cm-scroller': { fontFamily: 'ui-monospace, monospace', overflow: 'auto' },
  '.cm-content': { caretColor: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': {
    backgroundColor: 'var(--panel)',
    color: 'var(--quiet)',
    borderRight: '1px solid var(--line)',
  },
  '.cm-tooltip, .cm-panels': { backgroundColor: 'var(--panel)', color: 'var(--text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground':
    { backgroundColor: 'color-mix(in srgb, var(--link) 30%, transparent)' },
});

/** From the place to the end of its line; a place behind the text is at its end. */
function diagnosticOf(view: EditorView, { line, column, message, severity }: Marked): Diagnostic {
  const { doc } = view.state;
  const at = doc.line(Math.min(Math.max(line, 1), doc.lines));
  const from = Math.min(at.from + Math.max(column - 1, 0), at.to);
  return { from, to: Math.max(at.to, from), severity, message };
}
