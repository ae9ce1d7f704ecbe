"""The python half of zygote.c: what is warm, and how a job's interpreter ends.

Runs once, in a namespace of its own, before any fork: the script's __main__ stays empty.
`secrets`, `random` and `uuid` are left out on purpose: state that must differ between jobs is made
in the job.
"""
import builtins, collections, datetime, fnmatch, gc, io, json, os, pathlib
import re, shlex, subprocess, sys, threading, time
from weakref import ref


def warm_up():
    """Does what nearly every guard does, so that its code paths and memory pages are in place."""
    out = io.TextIOWrapper(io.BytesIO(), encoding='utf-8')
    for command in ('ls', 'rm -rf /', 'DROP TABLE x'):
        event = '{"tool_input": {"command": "%s"}, "n": [1, 2.5, null, true]}' % command
        written = json.loads(event)['tool_input']['command']
        patterns = (r'\brm\s+-rf\b', r'^(?:git|az)\s+\w+', r'(?i)drop\s+table')
        found = [p for p in patterns if re.search(p, written)]
        verdict = {'decision': 'block' if found else 'allow', 'reason': f'no {found!r} \u2713'}
        print(json.dumps(verdict), file=out)
    out.flush()
    compile('import sys, json\nfor line in sys.stdin:\n    pass\n', '<warm>', 'exec')
    re.purge()


def enter():
    """Called in a forked interpreter that waits: its thread is not the thread that forked."""
    threading.main_thread()._set_native_id()


def finish(changed):
    """Does what a script can observe of Py_FinalizeEx, in its order, for the script's own modules.

    Tearing down the warm modules as well cost 6.7 ms of a 9 ms job, and no script can observe it.
    Those that changed are restored, which releases the objects that the script put into them.
    """
    for name in SYS_NAMES:
        if name in vars(sys): setattr(sys, name, None)
    for name in ('stdin', 'stdout', 'stderr'):
        setattr(sys, name, getattr(sys, '__%s__' % name, None))
    builtins._ = None
    modules, alive = sys.modules, []
    for index in changed:
        names, before = KEPT[index][2:]
        names.clear()
        names.update(before)
    for name, module, _, _ in KEPT:
        if modules.get(name) is module: del modules[name]
    for name, module in list(modules.items()):
        if isinstance(module, ModuleType) and module is not sys and module is not builtins:
            alive.append(ref(module))
        modules[name] = None
    name = module = names = before = _ = None
    modules.clear()
    gc.collect()
    for weak in reversed(alive):
        if weak() is not None: clear_module(vars(weak()))
    gc.collect()


def clear_module(names):
    """Clears a module as CPython does: private names first, then all but __builtins__."""
    for private in (True, False):
        for name in [name for name in names if isinstance(name, str) and name != '__builtins__']:
            if not private or (name[0] == '_' and name[1:2] != '_'): names[name] = None


def set_stage():
    """Called once, when the warm objects are immortal: makes the __main__ of the jobs.

    The garbage collector of a job skips all objects that exist now. __main__ is made after that,
    because the collector must not skip its contents.
    """
    gc.freeze()
    main = ModuleType('__main__')
    vars(main).clear()
    vars(main).update(vars(sys.modules['__main__']), __annotations__={})
    sys.modules['__main__'] = main
    del main
    # Empties CPython's lists of free objects: the collection at a job's end would write to each of
    # their pages, 150 in all, for nothing.
    gc.collect()


SYS_NAMES = ('path', 'argv', 'ps1', 'ps2', 'last_exc', 'last_type', 'last_value', 'last_traceback',
             'path_hooks', 'path_importer_cache', 'meta_path', '__interactivehook__')
ModuleType = type(sys)
warm_up()
threading._after_fork()  # every fork calls it: warms its code, and makes its new objects in advance
KEPT = [(name, module, vars(module), dict(vars(module))) for name, module in sys.modules.items()
        if name not in ('sys', 'builtins', '__main__')]
