/**
 * Numbers for people: at most three significant digits and a unit where a value is large, the exact
 * value beside it for a tooltip. Stateless.
 */
const DASH = '–';

const exactFormat = new Intl.NumberFormat('en-US', { maximumFractionDigits: 3 });

/** Whether there is a number at all. */
function known(value: number | null | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** Three significant digits, never with an exponent: `1.02`, `12.4`, `350`. */
function three(value: number): string {
  const size = Math.abs(value);
  if (size >= 100) return String(Math.round(value));
  const digits = size >= 10 ? 1 : 2;
  return String(Number(value.toFixed(digits)));
}

function scaled(value: number, units: readonly string[], exactBelow: number): string {
  if (Math.abs(value) < exactBelow) return join(three(value), units[0] ?? '');
  let rest = value;
  let unit = 0;
  // 999.6 would be printed as 1000 of the smaller unit.
  while (Math.abs(rest) >= 999.5 && unit < units.length - 1) {
    rest /= 1000;
    unit++;
  }
  return join(three(rest), units[unit] ?? '');
}

function join(digits: string, unit: string): string {
  return unit === '' ? digits : `${digits} ${unit}`;
}

/** Every digit, in groups of three: for offsets and tooltips. */
export function exact(value: number | null | undefined): string {
  return known(value) ? exactFormat.format(value) : DASH;
}

/** `999`, `1.02 k`, `1.02 M`. */
export function count(value: number | null | undefined): string {
  return known(value) ? scaled(value, ['', 'k', 'M', 'G', 'T'], 1000) : DASH;
}

/** `350 B`, `12.4 MB`: powers of ten. */
export function size(bytes: number | null | undefined): string {
  return known(bytes) ? scaled(bytes, ['B', 'kB', 'MB', 'GB', 'TB', 'PB'], 1000) : DASH;
}

/** `12.4 MB/s`. */
export function byteRate(bytes: number | null | undefined): string {
  return known(bytes) ? `${size(bytes)}/s` : DASH;
}

/** `350 /s`, `1.02 k/s`. */
export function rate(perSecond: number | null | undefined): string {
  if (!known(perSecond)) return DASH;
  const text = count(perSecond);
  return text.includes(' ') ? `${text}/s` : `${text} /s`;
}

/** A share of a whole: `7.5 %`. */
export function percent(share: number | null | undefined): string {
  return known(share) ? `${three(share * 100)} %` : DASH;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `350 ms`, `12 s`, `4 min 5 s`, `3 h 10 min`, `7 d`: at most two units, the lesser one only if it counts. */
export function duration(ms: number | null | undefined): string {
  if (!known(ms)) return DASH;
  if (ms < 0) return `-${duration(-ms)}`;
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < 10 * SECOND) return `${Number((ms / SECOND).toFixed(1))} s`;
  const rounded = ms < HOUR ? Math.round(ms / SECOND) * SECOND : Math.round(ms / MINUTE) * MINUTE;
  if (rounded < MINUTE) return `${rounded / SECOND} s`;
  if (rounded < HOUR) return two(rounded, MINUTE, 'min', SECOND, 's');
  if (rounded < DAY) return two(rounded, HOUR, 'h', MINUTE, 'min');
  return two(Math.round(ms / HOUR) * HOUR, DAY, 'd', HOUR, 'h');
}

function two(ms: number, large: number, largeName: string, small: number, smallName: string): string {
  const whole = Math.floor(ms / large);
  const rest = Math.floor((ms % large) / small);
  return rest === 0 ? `${whole} ${largeName}` : `${whole} ${largeName} ${rest} ${smallName}`;
}

/** The viewer's zone at that moment, as an offset: `UTC+9`, `UTC`. */
export function zone(ms: number): string {
  const minutes = -new Date(ms).getTimezoneOffset();
  if (minutes === 0) return 'UTC';
  const sign = minutes < 0 ? '−' : '+';
  const hours = Math.floor(Math.abs(minutes) / 60);
  const rest = Math.abs(minutes) % 60;
  return `UTC${sign}${hours}${rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`}`;
}

function pad(value: number, digits = 2): string {
  return String(value).padStart(digits, '0');
}

function validTime(ms: number | null | undefined): ms is number {
  return known(ms) && !Number.isNaN(new Date(ms).getTime());
}

/** Time of day in the viewer's zone, to the millisecond: `14:03:22.120`. */
export function clock(ms: number | null | undefined): string {
  if (!validTime(ms)) return DASH;
  const at = new Date(ms);
  return `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}.${pad(at.getMilliseconds(), 3)}`;
}

/** Day in the viewer's zone: `2026-11-20`. */
export function day(ms: number | null | undefined): string {
  if (!validTime(ms)) return DASH;
  const at = new Date(ms);
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
}

/** Day, time and zone: `2026-11-20 14:03:22.120 UTC+9`. */
export function time(ms: number | null | undefined): string {
  return validTime(ms) ? `${day(ms)} ${clock(ms)} ${zone(ms)}` : DASH;
}

/** In UTC, for tooltips: `2026-11-20T05:03:22.120Z`. */
export function utc(ms: number | null | undefined): string {
  return validTime(ms) ? new Date(ms).toISOString() : DASH;
}

/** UTF-8 length of a text. */
export function utf8Bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}
