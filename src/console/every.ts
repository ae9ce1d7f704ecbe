/** A number that grows while the page can be seen. */
import { useEffect, useState } from 'preact/hooks';

/**
 * @param ms a hidden tab does not ask the server for anything.
 * @param isBusy true while the answers of the last beat are awaited: a beat would end those requests,
 * and with a slow server none would ever be answered.
 */
export function useEvery(ms: number, isBusy: { readonly current: boolean }): number {
  const [count, setCount] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible' && !isBusy.current)
        setCount((before) => before + 1);
    }, ms);
    return () => clearInterval(timer);
  }, [ms]);
  return count;
}
