import { expect, it } from 'vitest';
import { pythonFacts } from '../../../src/bundling/needs/python-needs.ts';

const place = { folder: '', folders: ['P_DIR'], set: ['P_SET'], agentVariables: /\bP_[A-Z]+\b/g };

function facts(text: string): string[] {
  const { all } = pythonFacts(text, place);
  return all.map(({ kind, name, line }) => `${line} ${kind} ${name}`.trim());
}

it.each<[string, string[]]>([
  ['import json, sys', []],
  ['import _thread', []],
  ['\nimport yaml', ['2 module yaml']],
  ['if TYPE_CHECKING:\n    import yaml', []],
  ['import urllib.request', ['1 network urllib.request']],
  ['from http.client import x', ['1 network http.client']],
  ['import urllib.parse', []],
  ['subprocess.run(["git", "status"])', ['1 program git']],
  ['def _run(cmd):\n  subprocess.run(cmd)\n_run(["/usr/bin/git", "status"])', ['3 program git']],
  ['def _run(self, *cmd):\n  call(cmd)\nself._run("git")', ['3 program git']],
  ['def run_checks(names):\n  pass\nrun_checks(["git"])', []],
  ['def check(names):\n  pass\ndef f(x):\n  run(names)\ncheck(["git"])', []],
  ['process(["git"])', []],
  ['call("docker ps")', []],
  ['log.run("docker ps")', []],
  ['from subprocess import PIPE, run\nrun(["git"])\nPIPE("x")', ['2 program git']],
  ['from subprocess import (check_output as co)\nco("git status")', ['2 program git']],
  ['import subprocess as sp\nsp.run(("git", "status"))', ['2 program git']],
  ['subprocess.run(shlex.split("git status"))', ['1 program git']],
  ['subprocess.run("cd x && git status", shell=True)', ['1 program git']],
  ['os.system("cd x; jq .")', []],
  ['os.execvp("git", args)', ['1 program git']],
  ['subprocess.run(["bash", "-c", "cd x; git status"])', ['1 program git']],
  ['try: import yaml\nexcept: pass', ['1 module yaml']],
  ['from urllib import request', ['1 network urllib.request']],
  ['from urllib import parse', []],
  ['yaml = importlib.import_module("yaml")', ['1 module yaml']],
  ['run_git(["status"])', []],
  ['contains(["git"])', []],
  ['os.system("curl -s x")', ['1 network curl']],
  ['shutil.which("gh")', ['1 program gh']],
  ['subprocess.run(["jq", "."])', []],
  ['subprocess.run(["./x.sh", "."])', []],
  ['cmd = ["git", "status"]\nsubprocess.run(cmd)', ['2 program git']],
  ['cmd = ["git", "status"]', []],
  ['all = [("x", ["uv", "run"])]\nfor name, cmd in all: subprocess.run(cmd)', ['1 program uv']],
  ['all = [("x", ["uv", "run"])]\nfor name, cmd in all: show(cmd)', []],
  [
    'cmd = ["git", "x"]\nsubprocess.run(cmd)\nsubprocess.run(["uv", *rest])',
    ['3 program uv', '2 program git'],
  ],
  ['subprocess.run(cmd)', []],
  ['open(path, "w")', ['1 write']],
  ['log.parent.mkdir(parents=True)\nlog.write_text("x")', ['1 write']],
  ['open("/tmp/x", "w")', []],
  ['with open("/tmp/x.log", mode="a") as f: pass', ['1 log /tmp/x.log']],
  ['with log.open("a") as f: pass', ['1 write']],
  ['zip.open("x.txt")', []],
  ['cwd = pathlib.Path.cwd()\nfor p in N:\n  f = cwd / p', ['3 path cwd / p']],
  ['root = os.getcwd()\nopen(os.path.join(root, name))', ['2 path os.path.join(root, name']],
  ['d = data.get("cwd", "")\np = Path(d) / name', ['2 opened cwd', '2 path Path(d) / name']],
  ['root = Path(os.environ["P_DIR"])\nroot / f"{x}.md"', ['2 path root / f"{x}.md"']],
  ['cwd = Path.cwd()\ncwd / "a.md"', []],
  ['cwd = os.getcwd()\nprint(cwd, a / b)', []],
  ['open(path)', []],
  ['p = data["agent_transcript_path"]\nopen(p)', []],
  ['p = data["notebook_path"]\nopen(p)', ['2 opened notebook_path']],
  ['p = data["transcript_path"]\nopen(p)', []],
  ['f = "/tmp/n-{s}"\nif os.path.exists(f): open(f)', ['1 state /tmp/n-{s}']],
  ['try: open("/tmp/n")\nexcept FileNotFoundError: pass', ['1 state /tmp/n']],
  ['open("/tmp/n", "w").write("x")', []],
  ['p: str = data.get("file_path", "")\np = 1\nPath(p)', ['3 opened file_path']],
  ['open(data["file_path"])', ['1 opened file_path']],
  ['print(data["file_path"])', []],
  ['Path.home() / "x"', ['1 home Path.home()']],
  ['os.path.expanduser("~")', ['1 home expanduser']],
  ['os.environ["P_TOOL"]', ['1 variable P_TOOL']],
  ['os.getenv("P_TOOL")', ['1 variable P_TOOL']],
  ['os.getenv("P_TOOL", "")', []],
  ['os.environ["P_DIR"], os.environ["P_SET"], os.environ["X"]', []],
  ['\nopen(f"a/{x}.txt")', ['2 path a/{x}.txt']],
  ['os.path.join(root, "a", x)', []],
  ['open(f"../../a/{x}.txt")', []],
  ['# import yaml\n"""\nimport yaml\n"""', []],
])('%j needs %j', (text, needs) => {
  expect(facts(text)).toEqual(needs);
});

it('a text that is no file reads from the folder of the project', () => {
  const { all } = pythonFacts('open(f"a/{x}")', { ...place, folder: undefined });
  expect(all).toMatchObject([{ name: 'a/{x}', places: ['a'], isFolder: true }]);
});
