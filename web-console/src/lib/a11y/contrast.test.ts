import { describe, expect, test } from 'vitest';
import css from '../../styles/tokens.css?raw';
import { contrast, over, readColour, type Colour } from './contrast';

const TEXT = 4.5;
const SIGN = 3;
const tokens = readTokens(css);
const SURFACES = ['--bg', '--bg-panel', '--bg-sunken', '--bg-hover', '--bg-selected'];

/** Text on what it stands on in the pages. */
const TEXT_PAIRS: [string, string[]][] = [
  ['--text', [...SURFACES, '--mark', '--glow', '--accent-soft', '--ok-soft', '--warn-soft', '--bad-soft']],
  ['--text-2', [...SURFACES, '--glow']],
  ['--text-3', ['--bg', '--bg-panel', '--bg-hover', '--bg-sunken']],
  ['--accent', [...SURFACES, '--accent-soft']],
  ['--ok', [...SURFACES, '--ok-soft']],
  ['--warn', [...SURFACES, '--warn-soft']],
  ['--bad', [...SURFACES, '--bad-soft']],
  ['--on-accent', ['--accent-solid', '--accent-solid-hover', '--bad-solid']],
  ['--series-1', ['--bg-panel', '--bg']],
  ['--series-2', ['--bg-panel', '--bg']],
  ['--json-key', ['--bg-panel', '--bg-sunken', '--bg-hover']],
  ['--json-string', ['--bg-panel', '--bg-sunken', '--bg-hover']],
  ['--json-number', ['--bg-panel', '--bg-sunken', '--bg-hover']],
  ['--json-literal', ['--bg-panel', '--bg-sunken', '--bg-hover']],
];

/** What is seen and not read: the ring of the focus, the line of a chart. */
const SIGN_PAIRS: [string, string[]][] = [
  ['--accent', SURFACES],
  ['--series-1', SURFACES],
  ['--series-2', SURFACES],
];

describe.each(['light', 'dark'] as const)('in the %s set', (scheme) => {
  test.each(pairs(TEXT_PAIRS))('%s on %s can be read', (text, surface) => {
    expect(ratio(text, surface, scheme)).toBeGreaterThanOrEqual(TEXT);
  });

  test.each(pairs(SIGN_PAIRS))('%s on %s can be seen', (sign, surface) => {
    expect(ratio(sign, surface, scheme)).toBeGreaterThanOrEqual(SIGN);
  });
});

test('black on white has the largest contrast there is, and a colour none with itself', () => {
  expect(contrast(readColour('#000'), readColour('#fff'))).toBeCloseTo(21, 5);
  expect(contrast(readColour('#777777'), readColour('rgb(119 119 119)'))).toBe(1);
});

test('a contrast that is published is computed alike', () => {
  expect(contrast(readColour('#767676'), readColour('#ffffff'))).toBeCloseTo(4.54, 2);
});

function pairs(table: [string, string[]][]): [string, string][] {
  return table.flatMap(([top, surfaces]) => surfaces.map((surface): [string, string] => [top, surface]));
}

function ratio(top: string, surface: string, scheme: 'light' | 'dark'): number {
  const below = token(surface, scheme);
  return contrast(over(token(top, scheme), below), below);
}

function token(name: string, scheme: 'light' | 'dark'): Colour {
  const colour = tokens.get(name);
  if (!colour) {
    throw new Error(`tokens.css has no colour ${name}`);
  }
  return readColour(colour[scheme]);
}

/** The colours of the tokens: `light-dark(light, dark)`, or one for both. */
function readTokens(css: string): Map<string, { light: string; dark: string }> {
  const found = new Map<string, { light: string; dark: string }>();
  for (const [, name, value] of css.matchAll(/(--[\w-]+):\s*([^;]+);/g)) {
    const both = /^light-dark\((rgb\([^)]*\)|#\w+),\s*(rgb\([^)]*\)|#\w+)\)$/.exec(value!.trim());
    if (both) {
      found.set(name!, { light: both[1]!, dark: both[2]! });
    } else if (value!.startsWith('#')) {
      found.set(name!, { light: value!, dark: value! });
    }
  }
  return found;
}
