/* Gives a call that this bridge does not know to the bridge in node. */
#ifndef HOOKPOOL_BRIDGE_HAND_OVER_H
#define HOOKPOOL_BRIDGE_HAND_OVER_H

/* Becomes `hookpool hook` with these arguments: that of the package around this program, else the
 * one on PATH. Returns where there is none. Nothing may have been read from stdin. */
void hand_over(char *const *argv);

#endif
