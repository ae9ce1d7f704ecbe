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
  rehearse();
  const gate = { exports: {} };
  process.dlopen(gate, `${__dirname}/gate.node`);
  endAtExit(gate.exports);
  enter(readStart());
}

/** Runs small guards as modules of both kinds. */
function rehearse() {
  for (const name of ['rehearsal.cjs', 'rehearsal.mjs']) {
    require(`./${name}`);
    delete require.cache[path.join(__dirname, name)];
  }
  module.children.length = 0;
}

/**
 * Ends the process when the last listener of `exit` has returned: no script can observe what node does
 * after that, which took 2 of the 6.6 ms of a guard. An error that nobody caught is printed then, and a promise
 * at the top level that is never settled is (13), so these ends are left to node.
 */
function endAtExit(end) {
  const { emit } = process;
  let died = false;
  const patched = {
    emit(name, ...given) {
      const isHeard = Reflect.apply(emit, this, [name, ...given]);
      if (name === 'uncaughtException' && !isHeard) died = true;
      const code = process.exitCode ?? 0;
      if (name === 'exit' && process._exiting && !died && code !== 13) end(Number(code));
      return isHeard;
    },
  };
  Object.defineProperty(Object.getPrototypeOf(process), 'emit', {
    value: patched.emit,
    configurable: true,
    writable: true,
  });
}

/**
 * What the first line of the script says beyond an interpreter.
 * @typedef {object} Start
 * @property {string} [folder] the working folder
 * @property {Record<string, string>} [environment] more variables
 * @property {string[]} [argv] the file to run in the place of the script, and its arguments
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
function enter({ folder = '/tmp', environment = {}, argv }) {
  process.chdir(folder);
  Object.assign(process.env, environment);
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
