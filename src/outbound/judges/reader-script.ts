import { cwdVariable, workspaceVariable } from '../../protocol/workspace-start.ts';

/**
 * ReadFile and GrepSearch as one script of python3. It runs in a sandbox, so a pattern without end
 * costs its own timeout, and a path can leave nothing but the sandbox.
 */
export const readerScript = String.raw`import io, json, os, re, sys
asked = json.load(sys.stdin)
given = asked['input']

def number(name, default, most):
    value = given.get(name, default)
    return max(0, min(most, value)) if type(value) is int else default

def lines():
    name = given.get('file')
    if name == 'context':
        return io.StringIO(asked['context'])
    if name in ('transcript', '/job/transcript.txt') and os.path.exists('/job/transcript.txt'):
        return open('/job/transcript.txt', encoding='utf-8', errors='replace', newline='\n')
    project = os.environ.get('${workspaceVariable}')
    if project and isinstance(name, str) and '\0' not in name:
        path = os.path.realpath(os.path.join(os.environ['${cwdVariable}'], name))
        if path.startswith(project + '/') and os.path.isfile(path):
            return open(path, encoding='utf-8', errors='replace', newline='\n')
    sys.exit('There is no such file.')

def shown(number, line):
    print('%d:%s' % (number, line.rstrip('\n')[:2000]))

if asked['tool'] == 'ReadFile':
    first = max(1, number('offset', 1, 1 << 40))
    last = first + number('limit', 200, 2000)
    for at, line in enumerate(lines(), 1):
        if at >= last:
            break
        if at >= first:
            shown(at, line)
else:
    try:
        pattern = re.compile(str(given.get('pattern', '')))
    except re.error as error:
        sys.exit('The pattern is no regular expression: %s' % error)
    around, left = number('context', 0, 20), number('limit', 50, 500)
    before, after, hits = [], 0, 0
    for at, line in enumerate(lines(), 1):
        if hits < left and pattern.search(line):
            for one in before:
                shown(*one)
            before, after, hits = [], around, hits + 1
            shown(at, line)
        elif after > 0:
            after -= 1
            shown(at, line)
        elif hits >= left:
            break
        elif around > 0:
            before = (before + [(at, line)])[-around:]
    if hits == 0:
        print('No line matches.')
`;
