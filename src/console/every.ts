/** A number that grows while the page can be seen. */
import { useEffect, useState } from 'preact/hooks';

/** @param ms a hidden tab does not ask the server for anything. */
export function useEvery(ms: number): number {
  const [count, setCount] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') setCount((before) => before + 1);
    }, ms);
    return () => clearInterval(timer);
  }, [ms]);
  return count;
}
