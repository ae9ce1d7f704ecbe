/**
 * The python3 source that calls one function with the event and prints what it returns. How a
 * function is called and what its result means is AgentPool's contract
 * (phil65/agentpool src/agentpool/hooks/callable.py@f36bf050); what upstream takes for consent
 * because it cannot read it is an error here.
 */
import { projectPath } from '../protocol/bundle.ts';
import { verdictPaths } from '../protocol/verdict/spellings.ts';

/** Folders in which modules are looked for, relative to the project's: its own, then `src`. */
export const moduleRoots = ['', 'src'] as const;

export interface Called {
  /** Dotted path of the function. */
  readonly path: string;
  /** Arguments beside the members of the context, which they replace. */
  readonly arguments: Readonly<Record<string, unknown>>;
  /** The word for a result that has none: `allow` where the dialect takes silence for it. */
  readonly silence: 'allow' | undefined;
}

const roots = moduleRoots.map((root) => (root === '' ? projectPath : `${projectPath}/${root}`));

const known = ['decision', 'continue_'];
/**
 * Other keys that hold a verdict for some agent: AgentPool drops them, and a no in one of them
 * would be an allow.
 */
const foreign = [...new Set(verdictPaths.map((path) => path.replace(/\..*/, '')))].filter(
  (key) => !known.includes(key),
);

/**
 * The answer goes out on a copy of fd 1, and fd 1 becomes stderr, so that what the function prints
 * does not spoil it. asyncio is imported only where the result is awaitable: at the top it took
 * 335 ms instead of 5. The process exits with 1 for every error, SystemExit included, because 2
 * would be a verdict.
 */
const source = `def call(path, arguments, silence):
    import json, os, sys
    answer = os.dup(1)
    os.dup2(2, 1)
    sys.dont_write_bytecode = True
    sys.path[0:0] = ${JSON.stringify(roots)}
    kinds = dict(decision=str, reason=str, modified_input=dict, continue_=bool)
    kinds['additional_context'] = str
    foreign = ${JSON.stringify(foreign)}
    def function():
        names = path.split('.')
        for end in range(len(names) - 1, 0, -1):
            module = '.'.join(names[:end])
            try:
                __import__(module)
            except ModuleNotFoundError as error:
                if not f'{module}.'.startswith(f'{error.name}.'): raise
                continue
            found = sys.modules[module]
            for name in names[end:]: found = getattr(found, name)
            return found
        raise ModuleNotFoundError(f'There is no module of {path}.')
    def read(result):
        if result is None: return {}
        if isinstance(result, str): return {'additional_context': result}
        if isinstance(result, bool): return {'decision': 'allow' if result else 'deny'}
        if not isinstance(result, dict):
            kind = type(result).__name__
            raise TypeError(f'{path} returned {kind}: return None, a dict, a str or a bool.')
        said = {key: result[key] for key in [*kinds, *foreign] if result.get(key) is not None}
        dropped = ', '.join(str(key) for key in result if key not in kinds and key not in foreign)
        if dropped and not said:
            raise ValueError(f'{path} returned only keys that mean nothing: {dropped}.')
        if dropped: print(f'{path} returned keys that mean nothing: {dropped}.')
        for key, value in said.items():
            if key in foreign or isinstance(value, kinds[key]): continue
            kind = type(value).__name__
            raise TypeError(f'{path} returned {kind} as {key}: it must be {kinds[key].__name__}.')
        word = said.get('decision', 'allow')
        if word not in ('allow', 'approve', 'ask', 'deny', 'block'):
            raise ValueError(f'{path} returned {word!r} as decision: write allow, deny or ask.')
        return said
    try:
        context = json.loads(sys.stdin.buffer.read())
        if not isinstance(context, dict): raise TypeError('The context is no JSON object.')
        result = function()(**{**context, **json.loads(arguments)})
        if hasattr(result, '__await__'):
            import asyncio
            async def awaited(): return await result
            result = asyncio.run(awaited())
        said = read(result)
        if silence and said and not {'decision', *foreign} & {*said}: said['decision'] = silence
        text = json.dumps(said, allow_nan=False).encode() if said else b''
    except BaseException as error:
        own, trace = call.__code__.co_filename, error.__traceback__
        while trace is not None and trace.tb_frame.f_code.co_filename == own: trace = trace.tb_next
        sys.excepthook(type(error), error.with_traceback(trace), trace)
        sys.exit(1)
    with os.fdopen(answer, 'wb') as out: out.write(text)
`;

/** The arguments stand in it as JSON, which is a python text too. */
export function callableSource({ path, arguments: given, silence }: Called): string {
  const words = [path, JSON.stringify(given)].map((word) => JSON.stringify(word));
  return `${source}call(${words.join(', ')}, ${silence === undefined ? 'None' : `'${silence}'`})\n`;
}
