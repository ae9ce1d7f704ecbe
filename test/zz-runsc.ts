import { spawnSync } from 'node:child_process';
import { openSync } from 'node:fs';

const out = openSync('/tmp/left16/first.log', 'a');
spawnSync('npx', ['vitest', 'run', '--project', 'integration', ...['node', 'posture', 'workspace', 'workspace-mounts', 'workspace-proxy', 'image', 'image-full'].map((n) => `test/integration/${n}.test.ts`)], { stdio: ['ignore', out, out], env: { ...process.env, NO_COLOR: '1', HOOKPOOL_KEEP_IMAGES: '1' } });
