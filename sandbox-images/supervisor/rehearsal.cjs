// A guard that uses what nearly every guard uses.
'use strict';
const { existsSync, readFileSync } = require('node:fs');
const path = require('node:path');

const context = JSON.parse('{"tool_name": "Bash", "tool_input": {"command": "rm -rf /"}}');
const { command = '' } = context.tool_input;
const patterns = [/\brm\s+-rf\b/, /^(?:git|az)\s+\w+/, /drop\s+table/i];
const found = patterns.filter((pattern) => pattern.test(command));
if (existsSync(path.join(__dirname, 'none.json'))) readFileSync(__filename, 'utf8');
module.exports = JSON.stringify({ decision: 'block', reason: `not permitted: ${found.join()}` });
