/** Kinds of values that variables of the environment have. */
import { z } from 'zod';

export const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min).max(max));

export const hosts = z
  .string()
  .regex(/^[^\s,:]+:\d+(,[^\s,:]+:\d+)*$/, 'must be host:port, separated by commas')
  .transform((text) => text.split(','));

export const address = z
  .string()
  .regex(
    /^(\[[0-9a-fA-F:.]+\]|[^\s:[\]]+):\d{1,5}$/,
    'must be HOST:PORT, an IPv6 address in brackets',
  );

export const socketPlace = z
  .string()
  .regex(/^unix:\/\/\/[^,]/, 'must be HOST:PORT or unix:///PATH');
