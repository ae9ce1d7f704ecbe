/* Files and folders of the image and of the container spec that process 1 and the zygote both
 * name. */
#ifndef HOOKPOOL_PATHS_H
#define HOOKPOOL_PATHS_H

#define JOB_DIR "/job" /* root's tmpfs: script and transcript, read-only to the job */
#define SCRIPT_PATH JOB_DIR "/script"
#define TRANSCRIPT_PATH JOB_DIR "/transcript.txt"
/* The job's tmpfs: a copy of the files that came with the script, which the job can change. */
#define PROJECT_DIR "/project"
#define SCRATCH_DIR "/tmp" /* the job's other writable place: its cwd and HOME */
#define PROGRAM_DIR "/opt/hookpool"
#define GATE_PATH PROGRAM_DIR "/gate.sh"
#define NODE_GATE_PATH PROGRAM_DIR "/gate.cjs"
#define NODE_PATH "/usr/bin/node" /* only some images have it */
#define ZYGOTE_PATH PROGRAM_DIR "/zygote"

#endif
