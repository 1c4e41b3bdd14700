/** How disks are. Pure. */
import type { Disk } from '../../lib/types';

/** The disk that has the least room before its reserve; one that is offline comes before all. */
export function scarcestDisk(disks: readonly Disk[]): Disk | null {
  const room = (disk: Disk) => (disk.online ? disk.freeBytes - disk.reserveBytes : Number.NEGATIVE_INFINITY);
  return disks.reduce<Disk | null>((least, disk) => (!least || room(disk) < room(least) ? disk : least), null);
}

/** Well while there is room, worth a look near the reserve, bad when writing has stopped. */
export function diskState({ online, freeBytes, reserveBytes, totalBytes }: Disk): 'ok' | 'warn' | 'bad' {
  if (!online || freeBytes <= reserveBytes) return 'bad';
  return freeBytes < reserveBytes * 2 || freeBytes < totalBytes * 0.1 ? 'warn' : 'ok';
}
