/** A text that a script, an agent or a service wrote: always text, cut, with its colours. */
import { useState } from 'preact/hooks';
import { ansiPieces } from '../ansi.ts';

const firstShown = 64 << 10;

interface Shown {
  readonly label: string;
  readonly text: string;
  /** The server has kept only the head. */
  readonly isTruncated?: boolean;
}

export function Output({ label, text, isTruncated = false }: Shown) {
  const [isWhole, setIsWhole] = useState(false);
  const isLong = text.length > firstShown;
  const shown = isWhole ? text : text.slice(0, firstShown);
  if (text === '') return <p class="quiet">{label}: empty</p>;
  return (
    <figure class="output">
      <figcaption>{label}</figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long text is scrolled with the keyboard. */}
      <pre tabIndex={0}>
        {ansiPieces(shown).map(({ text: piece, style }) =>
          style === '' ? piece : <span class={style}>{piece}</span>,
        )}
      </pre>
      {isLong && !isWhole && (
        <button type="button" onClick={() => setIsWhole(true)}>
          Show all {text.length.toLocaleString()} characters
        </button>
      )}
      {isTruncated && <p class="quiet">The server keeps only the head of this text.</p>}
    </figure>
  );
}
