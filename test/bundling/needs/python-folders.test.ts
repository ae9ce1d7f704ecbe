import { expect, it } from 'vitest';
import { pythonFolders } from '../../../src/bundling/needs/python-folders.ts';

it.each<[string, string[]]>([
  ['open(f"a/{x}.txt")', ['a/ sure']],
  ['open(f"./a/b-{x}.txt")', ['./a/ sure']],
  ['open("a/" + x)', ['a/ sure']],
  ['open("a/%s.txt" % x)', ['a/ sure']],
  ['open("a/{}.txt".format(x))', ['a/ sure']],
  ['glob.glob("a/*.txt")', ['a/ sure']],
  ['os.listdir("a")', ['a sure']],
  ['os.listdir(f"a/{x}")', ['a/ sure']],
  ['p = f"a/{x}"\nopen(p)', ['a/ sure']],
  ['p = f"a/{x}"\nprint(p)', []],
  ['open("a/b.txt")', []],
  ['open("a:b/{x}")', []],
  ['open(f"{x}/a")', []],
  ['open(f"/etc/{x}")', []],
  ['re.search("a/*", x)', []],
  ['os.path.join("a", x + ".txt")', ['a sure']],
  ['os.path.join("a", "b", x)', ['a/b sure']],
  ['os.path.join(os.path.dirname(__file__), "a", x)', ['a sure']],
  ['os.path.join(root, "a", f"{x}.txt")', ['a guess']],
  ['os.path.join("a", "b.txt")', []],
  ['os.path.join("/etc", x)', []],
  ['", ".join([x, "a", y])', []],
  ['os.path.join(dirname, "..", name)', []],
  ['Path("a") / f"{x}.txt"', ['a sure']],
  ['Path("a") / "b" / x', ['a/b sure']],
  ['Path("a").glob("*.txt")', ['a sure']],
  ['(root / "a").iterdir()', ['a guess']],
  ['Path(__file__).parent / "a" / x', ['a sure']],
  ['root / "a" / "b.txt"', []],
])('%j reads from %j', (code, folders) => {
  expect(
    pythonFolders(code).map((one) => `${one.folder} ${one.isSure ? 'sure' : 'guess'}`),
  ).toEqual(folders);
});
