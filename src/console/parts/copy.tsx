/** Copies a text; says whether it worked. */
import { useState } from 'preact/hooks';

export function CopyButton({ label, text }: { label: string; text: () => string }) {
  const [said, setSaid] = useState('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      setSaid('Copied.');
    } catch {
      setSaid('The browser does not permit copying.');
    }
  };
  return (
    <span>
      <button type="button" onClick={copy}>
        {label}
      </button>{' '}
      <span class="quiet" role="status">
        {said}
      </span>
    </span>
  );
}
