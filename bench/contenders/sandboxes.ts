/** Jobs that one pool runs at once; with more callers than that, they wait in line. */
export const jobsAtOnce = 8;
/** One more, so that a blank one is ready. */
export const sandboxes = jobsAtOnce + 1;
