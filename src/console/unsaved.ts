/** Asks before text is lost that was written and not stored. */
import { useEffect } from 'preact/hooks';

const question = 'What you wrote is not saved. Leave it?';

/** Links of the console change the address alone, for which browsers ask nothing by themselves. */
export function useUnsavedWarning(isUnsaved: boolean): void {
  useEffect(() => {
    if (!isUnsaved) return undefined;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    const ask = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null;
      if (link !== null && !confirm(question)) event.preventDefault();
    };
    addEventListener('beforeunload', warn);
    document.addEventListener('click', ask, true);
    return () => {
      removeEventListener('beforeunload', warn);
      document.removeEventListener('click', ask, true);
    };
  }, [isUnsaved]);
}
