/** The editor as a part of a page. Its code, by far the largest, is loaded when it is shown. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Editor, Language, Marked } from './editor.ts';

/**
 * A text that did not come from the editor. A new object replaces what is in the editor; what is typed
 * must not come back, or a late text would replace a newer one.
 */
export interface Given {
  readonly text: string;
}

interface TextEditorProps {
  readonly label: string;
  readonly given: Given;
  readonly language: Language;
  readonly changed: (text: string) => void;
  readonly problems?: readonly Marked[];
}

export function TextEditor({ label, given, language, changed, problems }: TextEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor | undefined>(undefined);
  const current = useRef(changed);
  current.current = changed;
  const latest = useRef(given.text);
  const report = (now: string) => {
    latest.current = now;
    current.current(now);
  };
  const [isOpen, setIsOpen] = useState(false);
  useEffect(() => {
    let left = false;
    void import('./editor.ts').then(({ openEditor }) => {
      if (left || host.current === null) return;
      const settings = { label, language, changed: report };
      editor.current = openEditor(host.current, { ...settings, text: latest.current });
      setIsOpen(true);
    });
    return () => {
      left = true;
      editor.current?.close();
      editor.current = undefined;
      setIsOpen(false);
    };
  }, [language, label]);
  useEffect(() => {
    latest.current = given.text;
    editor.current?.replace(given.text);
  }, [given]);
  useEffect(() => {
    editor.current?.mark(problems ?? []);
  }, [problems, isOpen]);
  return <div ref={host} class="editor" />;
}

interface DifferenceProps {
  readonly before: string;
  readonly after: string;
  readonly language: Language;
}

export function Difference({ before, after, language }: DifferenceProps) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let left = false;
    let close: (() => void) | undefined;
    void import('./difference.ts').then(({ openDifference }) => {
      if (left || host.current === null) return;
      close = openDifference(host.current, { before, after, language });
    });
    return () => {
      left = true;
      close?.();
    };
  }, [before, after, language]);
  return <div ref={host} class="difference" />;
}
