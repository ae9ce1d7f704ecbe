/* Objects that jobs use and whose references nothing counts. */
#ifndef HOOKPOOL_IMMORTAL_H
#define HOOKPOOL_IMMORTAL_H

/* Makes the modules, types and functions that exist immortal, with the dicts, tuples, strings and
 * numbers that they hold. Call once, with the GIL, before the __main__ of the jobs exists. */
void immortalise_warm_objects(void);

#endif
