/** What process 1 of a sandbox defends. */
import type { Mutation } from './mutation.ts';

const supervisor = 'sandbox-images/supervisor';

export const ofSupervisor: readonly Mutation[] = [
  {
    name: 'uid-separation',
    defence: 'jobs keep the user of the supervisor',
    edits: [
      {
        file: `${supervisor}/identity.c`,
        find: '  uid_t real, effective, saved;\n',
        replace: '  uid_t real, effective, saved;\n  if (uid != 0) return 0;\n',
      },
    ],
    noticedBy: { attacks: ['leak-uid-identity'] },
  },
  {
    name: 'hard-limits',
    defence: 'no rlimits for jobs',
    edits: [
      {
        file: `${supervisor}/identity.c`,
        find: '  if (cpu_seconds > 0 && set_limit(RLIMIT_CPU, cpu_seconds) != 0) return -1;\n',
        replace: '  if (cpu_seconds > 0 || cpu_seconds == 0) return 0;\n',
      },
    ],
    noticedBy: { attacks: ['own-process-attributes-plant', 'own-gate-descriptor'] },
  },
  {
    name: 'reset',
    defence: 'no reset after a job',
    edits: [
      {
        file: `${supervisor}/main.c`,
        find: 'const char *problem = reset_sandbox(uid);',
        replace: 'const char *problem = NULL;\n  if (uid == 0) problem = reset_sandbox(uid);',
      },
    ],
    noticedBy: { attacks: ['leak-files-plant', 'own-late-writer-plant'] },
  },
  {
    name: 'wipe',
    defence: 'the sweeper wipes nothing',
    edits: [
      {
        file: `${supervisor}/reset.c`,
        find: 'if (wipe_folder(SCRATCH_DIR, scratch.mode) != 0) _exit(1);',
        replace: 'if (scratch.inodes > 0) _exit(0);',
      },
    ],
    noticedBy: { attacks: ['leak-files-plant'] },
  },
  {
    name: 'project-proof',
    defence: 'the reset does not look into /project',
    edits: [
      { file: `${supervisor}/reset.c`, find: ' || !remove_bundle(uid)', replace: '' },
      {
        file: `${supervisor}/reset.c`,
        find: ' && is_like(&project, PROJECT_DIR);',
        replace: ';',
      },
    ],
    noticedBy: { attacks: ['own-project-plant'] },
  },
  {
    name: 'kill-all',
    defence: 'the sweeper kills nothing',
    edits: [{ file: `${supervisor}/reset.c`, find: '    kill(-1, SIGKILL);\n', replace: '' }],
    noticedBy: { attacks: ['leak-abstract-plant', 'own-late-writer-plant'] },
  },
  {
    name: 'task-check',
    defence: 'the reset does not count processes',
    edits: [
      {
        file: `${supervisor}/reset.c`,
        find: 'return tasks != ours || tasks_of_ours() != ours;',
        replace: 'return false;',
      },
    ],
    noticedBy: { attacks: ['res-setsid-nohup', 'res-daemon-double-fork'] },
  },
  {
    name: 'waiting-bash',
    defence: 'a bash that waits is not ended while another job runs',
    edits: [
      {
        file: `${supervisor}/run.c`,
        find: 'if (run->job->head.runtime != RUNTIME_BASH) discard_bash_spare();',
        replace: 'if (run->job->head.runtime > RUNTIME_PYTHON3) discard_bash_spare();',
      },
    ],
    noticedBy: { attacks: ['own-no-sibling'] },
  },
  {
    name: 'descriptors',
    defence: 'a forked python3 keeps the descriptors of the zygote',
    edits: [
      { file: `${supervisor}/zygote.c`, find: '  close_from(SUPERVISOR_FD + 1);\n', replace: '' },
    ],
    noticedBy: { attacks: ['own-pipes-of-others'] },
  },
  {
    name: 'flood-end',
    defence: 'a job that prints without end is not ended',
    edits: [
      {
        file: `${supervisor}/sink.c`,
        find: 'return sink->total > (limit > FLOOD_MIN ? limit : FLOOD_MIN);',
        replace: 'return sink->total > UINT64_MAX - limit - 1;',
      },
    ],
    noticedBy: { attacks: ['res-stdout-flood', 'res-one-line-64mb'] },
  },
  {
    name: 'supervisor-timer',
    defence: 'the supervisor has no timer, only the host has',
    edits: [
      {
        file: `${supervisor}/run.c`,
        find: 'run->cause = STATUS_TIMED_OUT;\n    return;',
        replace: 'left = 1000000;',
      },
    ],
    noticedBy: { attacks: ['res-sleep-trap-term'] },
  },
  {
    name: 'main-process',
    defence: 'the end of the main process is not the end of the job',
    edits: [
      {
        file: `${supervisor}/run.c`,
        find: 'while (!run.ended && run.cause == STATUS_NONE)',
        replace: 'while ((!run.ended || run.out.fd >= 0) && run.cause == STATUS_NONE)',
      },
    ],
    noticedBy: { attacks: ['res-bg-holds-stdout', 'own-allow-printed-late'] },
  },
  {
    name: 'oom-counts',
    defence: 'an OOM kill of a child goes unnoticed',
    edits: [
      {
        file: `${supervisor}/run.c`,
        find: 'ooms > 0 ? STATUS_OUT_OF_MEMORY',
        replace: 'ooms > 1000 ? STATUS_OUT_OF_MEMORY',
      },
    ],
    noticedBy: { attacks: ['own-allow-after-child-oom'] },
  },
  {
    name: 'cause-of-loss',
    defence: 'an end of the zygote for memory is a failure of the sandbox',
    edits: [
      {
        file: `${supervisor}/run.c`,
        find: 'run->ooms_before < 0 || oom_kills() <= run->ooms_before',
        replace: 'run->ooms_before < 0 || run->job != NULL',
      },
    ],
    noticedBy: { attacks: ['own-chosen-victim', 'own-chosen-victim-bash'] },
  },
  {
    name: 'stderr-is-dropped',
    defence: 'a flood on stderr ends the job',
    edits: [
      {
        file: `${supervisor}/run.c`,
        find: 'if (run->cause == STATUS_NONE && is_flooded(&run->out))',
        replace: 'if (is_flooded(&run->out) || is_flooded(&run->err))',
      },
    ],
    noticedBy: { attacks: ['own-stderr-flood', 'own-stderr-flood-python'] },
  },
  {
    name: 'user-site',
    defence: 'python3 looks for modules in the home of jobs',
    edits: [
      {
        file: `${supervisor}/zygote.c`,
        find: 'config.user_site_directory = 0;',
        replace: 'config.user_site_directory = 1;',
      },
    ],
    noticedBy: { attacks: ['own-user-site'] },
  },
];
