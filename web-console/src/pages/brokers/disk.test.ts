import { expect, test } from 'vitest';
import type { Disk } from '../../lib/types';
import { diskState, scarcestDisk } from './disk';

const disk = (values: Partial<Disk>): Disk => ({
  broker: 1,
  path: '/srv',
  totalBytes: 1000,
  freeBytes: 500,
  logBytes: 100,
  reserveBytes: 20,
  online: true,
  ...values,
});

test('a disk with room is well, one near its reserve wants a look, one below it is bad', () => {
  expect(diskState(disk({}))).toBe('ok');
  expect(diskState(disk({ freeBytes: 90 }))).toBe('warn');
  expect(diskState(disk({ freeBytes: 190, reserveBytes: 100 }))).toBe('warn');
  expect(diskState(disk({ freeBytes: 20 }))).toBe('bad');
  expect(diskState(disk({ online: false }))).toBe('bad');
});

test('the disk that stops first is told, an offline one before all', () => {
  const roomy = disk({ path: '/a' });
  const tight = disk({ path: '/b', freeBytes: 100 });
  const gone = disk({ path: '/c', online: false });
  expect(scarcestDisk([roomy, tight])).toBe(tight);
  expect(scarcestDisk([roomy, gone, tight])).toBe(gone);
  expect(scarcestDisk([])).toBeNull();
});
