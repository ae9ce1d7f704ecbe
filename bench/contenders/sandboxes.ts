/** Jobs that one pool runs at once; further callers wait. */
export const jobsAtOnce = 8;
/** One more than the jobs, so that a blank sandbox is ready. */
export const sandboxes = jobsAtOnce + 1;
