/**
 * Where the labels of lines stand: each as near as it can be to the end of its line, none over
 * another, none outside the plot.
 *
 * @param wanted the middle of each label, in pixels from the top, in the order of the lines
 * @param height the height of one label
 * @param bottom the lower end of the plot; its upper end is 0
 * @returns the middle of each label, in the same order
 */
export function placeLabels(wanted: readonly number[], height: number, bottom: number): number[] {
  const order = wanted.map((_, index) => index).sort((a, b) => wanted[a]! - wanted[b]!);
  const placed = new Array<number>(wanted.length);
  const half = height / 2;
  let lowest = half;
  for (const index of order) {
    placed[index] = Math.max(wanted[index]!, lowest);
    lowest = placed[index] + height;
  }
  let highest = Math.max(bottom - half, half);
  for (const index of order.reverse()) {
    placed[index] = Math.min(placed[index]!, highest);
    highest = placed[index] - height;
  }
  return placed;
}

/** The points that stand alone between two gaps: a line through them would not be seen. */
export function lonePoints(values: readonly (number | null | undefined)[]): number[] {
  const lone: number[] = [];
  values.forEach((value, index) => {
    if (value != null && values[index - 1] == null && values[index + 1] == null) {
      lone.push(index);
    }
  });
  return lone;
}

/** The stretches, as first and last index, in which no line has a value. */
export function emptyStretches(lines: readonly (readonly (number | null)[])[]): [number, number][] {
  const stretches: [number, number][] = [];
  const length = lines[0]?.length ?? 0;
  let from = -1;
  for (let index = 0; index <= length; index++) {
    const empty = index < length && lines.every((line) => line[index] == null);
    if (empty && from < 0) {
      from = index;
    } else if (!empty && from >= 0) {
      stretches.push([from, index - 1]);
      from = -1;
    }
  }
  return stretches;
}
