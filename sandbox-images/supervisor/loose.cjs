/**
 * Lets a node that runs in the place of tsx or bun find files as these do: a relative name may lack
 * its ending, name a folder with an index file, or end with `.js` where the file ends with `.ts`.
 */
'use strict';
const { registerHooks } = require('node:module');

const endings = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs', '.json', '/index.ts', '/index.js'];

registerHooks({
  resolve(specifier, context, next) {
    try {
      return next(specifier, context);
    } catch (error) {
      if (!/^(?:\.{0,2}\/|\.{1,2}$)/.test(specifier)) throw error;
      const asTypes = specifier.replace(/\.([cm]?)jsx?$/, '.$1ts');
      for (const name of [asTypes, ...endings.map((ending) => specifier + ending)]) {
        try {
          return next(name, context);
        } catch {
          // The next ending may be the right one.
        }
      }
      throw error;
    }
  },
});
delete require.cache[__filename];
