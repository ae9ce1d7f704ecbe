/**
 * The first module of a waiting node, named in NODE_OPTIONS: does what guards do, so that the code for
 * it is loaded and compiled, and blocks until the job is there. Then node runs its main module.
 */
'use strict';
const { closeSync, openSync, readFileSync, readSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { isMainThread } = require('node:worker_threads');

const scriptPath = '/job/script';
/** First word of a script whose first line says more, as JSON: see Start. */
const marker = '#!hookpool-node ';

/** Modules that hooks import. */
const warm = [
  'assert',
  'buffer',
  'child_process',
  'console',
  'crypto',
  'events',
  'fs/promises',
  'net',
  'os',
  'process',
  'readline',
  'stream',
  'stream/consumers',
  'string_decoder',
  'timers/promises',
  'tty',
  'url',
  'util',
];

function main() {
  delete process.env.NODE_OPTIONS;
  for (const name of warm) require(`node:${name}`);
  const native = { exports: {} };
  process.dlopen(native, `${__dirname}/gate.node`);
  const { end, wait } = native.exports;
  rehearse(native.exports);
  wait();
  endAtExit(end);
  enter(readStart());
}

/**
 * Runs small guards as modules of both kinds, with streams like those of a job. Microtasks run between
 * the turns of the loop only here, because node is not in its own loop yet.
 */
function rehearse({ runLoop, pipe }) {
  require('./rehearsal.cjs');
  let isOver = false;
  const over = () => {
    isOver = true;
  };
  import('./rehearsal.mjs').then(({ run }) => run(pipe)).then(over, over);
  const turn = () => {
    process._tickCallback();
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  runLoop();
  for (const name of ['rehearsal.cjs', 'rehearsal.mjs'])
    delete require.cache[path.join(__dirname, name)];
  module.children.length = 0;
}

/**
 * Ends the process when the last listener of `exit` has returned: no script can observe what node does
 * after that, which took 2 of the 6.6 ms of a guard. After an error that nobody caught (1) node still
 * prints it, and of a promise at the top level that is never settled (13) it warns: these ends are
 * left to it. The listener is added when node reads `process.emit` to tell of the end; a function in
 * the place of `emit` would be in the traces of errors.
 */
function endAtExit(end) {
  const { emit, on } = process;
  let isAdded = false;
  const last = () => {
    const code = Number(process.exitCode ?? 0);
    if (code !== 13) end(code);
  };
  Object.defineProperty(Object.getPrototypeOf(process), 'emit', {
    configurable: true,
    get() {
      if (!isAdded && process._exiting && process.exitCode !== 1) {
        isAdded = true; // on() reads it as well
        Reflect.apply(on, process, ['exit', last]);
      }
      return emit;
    },
    set(value) {
      Object.defineProperty(this, 'emit', {
        value,
        configurable: true,
        enumerable: true,
        writable: true,
      });
    },
  });
}

/**
 * What the first line of the script says beyond an interpreter.
 * @typedef {object} Start
 * @property {string} [folder] the working folder
 * @property {Record<string, string>} [environment] more variables
 * @property {string[]} [argv] the file to run in the place of the script, and its arguments
 * @property {boolean} [isQuiet] as with --no-warnings
 * @property {boolean} [isLoose] see loose.cjs
 */

/** @returns {Start} */
function readStart() {
  const head = Buffer.alloc(marker.length);
  const file = openSync(scriptPath);
  readSync(file, head);
  closeSync(file);
  if (head.toString() !== marker) return {};
  const text = readFileSync(scriptPath, 'utf8');
  return JSON.parse(text.slice(marker.length, `${text}\n`.indexOf('\n')));
}

/** @param {Start} start */
function enter({ folder = '/tmp', environment = {}, argv, isQuiet, isLoose }) {
  process.chdir(folder);
  Object.assign(process.env, environment);
  if (isQuiet) process.removeAllListeners('warning');
  if (isLoose) require('./loose.cjs');
  if (argv === undefined) return;
  const [file, ...given] = argv;
  const entry = path.resolve(file);
  process.argv.splice(1, process.argv.length, entry, ...given);
  runInstead(entry);
}

/** A bound function adds no frame to the traces of errors, and the getter is gone before them. */
function runInstead(entry) {
  const { runMain } = Module;
  const real = Object.getOwnPropertyDescriptor(Module, 'runMain');
  Object.defineProperty(Module, 'runMain', {
    configurable: true,
    get() {
      Object.defineProperty(Module, 'runMain', real);
      return runMain.bind(Module, entry);
    },
  });
}

// A worker thread of a job loads this file as well.
if (isMainThread) main();
delete require.cache[__filename];
