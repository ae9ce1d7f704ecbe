import {
  permittedSpec,
  type SpecSettings,
} from '../../../src/sandbox/engine-proxy/permitted-spec.ts';
import { readSeccompProfile } from '../../../src/sandbox/image.ts';
import { containerSpec, defaultLimits, ownerLabel } from '../../../src/sandbox/spec.ts';

export const settings = {
  image: 'hookpool/sandbox:test',
  seccompProfile: readSeccompProfile(),
  limits: defaultLimits,
};

export const bigLimits = { ...defaultLimits, memoryBytes: 512 << 20 };

export const labels = { [ownerLabel]: 'worker-1.example:4711' };

export const spec = containerSpec({ ...settings, jobUid: 0x1234_5678, labels });

export const wide: SpecSettings = {
  profiles: [settings, { image: 'hookpool/sandbox-full:test', limits: bigLimits }],
  seccompProfile: settings.seccompProfile,
  runtime: undefined,
  narrow: false,
};

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export const plain = () => JSON.parse(JSON.stringify(spec)) as Record<string, Json>;

export function check(value: unknown, its = wide) {
  return () => permittedSpec(JSON.stringify(value), its);
}

export const other: Readonly<Record<string, (value: Json) => Json>> = {
  'of another value': (value) => {
    if (typeof value === 'boolean') return !value;
    if (typeof value === 'number') return value + 1;
    return typeof value === 'string' ? `${value}x` : null;
  },
  null: () => null,
  'an empty object': (value) => (JSON.stringify(value) === '{}' ? [] : {}),
  'the number 0': (value) => (value === 0 ? '0' : 0),
  'an empty text': (value) => (value === '' ? ' ' : ''),
};
