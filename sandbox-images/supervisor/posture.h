#ifndef HOOKPOOL_POSTURE_H
#define HOOKPOOL_POSTURE_H

/* Dies unless process 1 is confined as the container spec demands. */
void check_posture(void);

#endif
