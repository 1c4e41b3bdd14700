import { expect, test } from 'vitest';
import { wishOf } from './keys';

const press = (key: string, held: Partial<KeyboardEvent> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  isComposing: false,
  ...held,
});

test('the command key and K open the palette, even while typing', () => {
  expect(wishOf(press('k', { ctrlKey: true }), true, false)).toBe('palette');
  expect(wishOf(press('K', { metaKey: true }), false, false)).toBe('palette');
});

test('letters are left to the field in which somebody types', () => {
  for (const key of ['?', 'd', 't', 'g']) {
    expect(wishOf(press(key), true, false)).toBeNull();
  }
});

test('g and a letter go to a page', () => {
  expect(wishOf(press('g'), false, false)).toBe('go');
  expect(wishOf(press('t'), false, true)).toEqual({ section: 'topics' });
  expect(wishOf(press('g'), false, true)).toEqual({ section: 'groups' });
});

test('a letter that names no page after g means what it means alone', () => {
  expect(wishOf(press('?'), false, true)).toBe('keys');
});

test('keys of the browser and of an input method are left alone', () => {
  expect(wishOf(press('t', { ctrlKey: true }), false, false)).toBeNull();
  expect(wishOf(press('d', { altKey: true }), false, false)).toBeNull();
  expect(wishOf(press('d', { isComposing: true }), false, false)).toBeNull();
});
