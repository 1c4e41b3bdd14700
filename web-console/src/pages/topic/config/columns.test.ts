import { expect, it } from 'vitest';
import type { Config } from '../../../lib/types';
import { readable } from './columns';

const config = (name: string, value: string | null, unit?: string): Config => ({
  name,
  value,
  source: 'default',
  default: value,
  type: 'long',
  doc: '',
  sensitive: false,
  hasEffect: true,
  ...(unit ? { unit } : {}),
});

it('says long values in words', () => {
  expect(readable(config('retention.ms', '604800000'))).toBe('7 d');
  expect(readable(config('segment.bytes', '1073741824', 'bytes'))).toBe('1.07 GB');
});

it('leaves alone what says enough', () => {
  expect(readable(config('retention.ms', '-1'))).toBe('');
  expect(readable(config('flush.messages', '9223372036854775807'))).toBe('');
  expect(readable(config('cleanup.policy', 'delete'))).toBe('');
  expect(readable(config('leader.replication.throttled.replicas', null))).toBe('');
});
