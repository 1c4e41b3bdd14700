import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { axisLabels, axisSteps, type Unit } from './axis';
import { emptyStretches, lonePoints } from './placement';

/** One line of a chart. Null where nothing was measured. */
export type Line = {
  label: string;
  values: readonly (number | null)[];
  /** The token of its colour, as `--series-1`. */
  colour: string;
  /** Whether the area under it is tinted: for one line alone. */
  filled?: boolean;
};

/** What is drawn: lines over the same times, `stepMs` apart, the last of them at `endMs`. */
export type Drawing = {
  lines: readonly Line[];
  stepMs: number;
  endMs: number;
  unit: Unit;
};

/** Where the label of a line wants to stand, and which value it tells. */
export type Mark = {
  line: number;
  y: number;
  index: number;
};

/** A chart in an element of the page. */
export type Plot = {
  draw(drawing: Drawing): void;
  resize(width: number, height: number, gutter: number): void;
  recolour(): void;
  destroy(): void;
};

type Options = {
  width: number;
  height: number;
  gutter: number;
  /** Charts of one name share their cursor. */
  cursor: string;
  colourOf: (token: string, opacity?: number) => string;
  font: string;
  clock: (ms: number) => string;
  onMarks: (marks: Mark[], plotBottom: number) => void;
  onCursor: (index: number | null) => void;
};

/** Makes a chart of uPlot. Apart from the page, so that it is loaded when the first chart is. */
export function plot(element: HTMLElement, first: Drawing, options: Options): Plot {
  let drawing = first;
  let gutter = options.gutter;
  const u = new uPlot(
    {
      width: options.width,
      height: options.height,
      padding: [8, () => gutter, 0, 0],
      legend: { show: false },
      cursor: {
        y: false,
        drag: { x: false, y: false },
        points: { size: 7, width: 2 },
        sync: { key: options.cursor, setSeries: false },
      },
      scales: {
        x: { time: true },
        y: { range: (_, __, max) => [0, niceTop(max)] },
      },
      axes: axes(() => drawing.unit, options),
      series: [{}, ...first.lines.map((_, index) => series(() => drawing.lines[index]!, options))],
      hooks: {
        drawClear: [(chart) => shadeEmpty(chart, drawing, options)],
        draw: [(chart) => options.onMarks(marksOf(chart, drawing), chart.over.clientHeight)],
        setCursor: [(chart) => options.onCursor(chart.cursor.idx ?? null)],
      },
    },
    dataOf(first),
    element,
  );
  return {
    draw(next) {
      drawing = next;
      u.setData(dataOf(next));
    },
    resize(width, height, nextGutter) {
      gutter = nextGutter;
      u.setSize({ width, height });
    },
    recolour: () => u.redraw(true, true),
    destroy: () => u.destroy(),
  };
}

function dataOf({ lines, stepMs, endMs }: Drawing): uPlot.AlignedData {
  const count = lines[0]?.values.length ?? 0;
  const times = Array.from({ length: count }, (_, index) => (endMs - (count - 1 - index) * stepMs) / 1000);
  return [times, ...lines.map((line) => [...line.values])];
}

function series(line: () => Line, options: Options): uPlot.Series {
  const stroke = () => options.colourOf(line().colour);
  return {
    stroke,
    width: 1.5,
    spanGaps: false,
    ...(line().filled ? { fill: () => options.colourOf(line().colour, 0.1) } : {}),
    points: { show: true, size: 4, fill: stroke, filter: () => lonePoints(line().values) },
  };
}

function axes(unit: () => Unit, { colourOf, font, clock }: Options): uPlot.Axis[] {
  const common = {
    stroke: () => colourOf('--text-2'),
    font,
    ticks: { show: false },
    grid: { stroke: () => colourOf('--line'), width: 1 },
  };
  return [
    {
      ...common,
      grid: { show: false },
      size: 22,
      gap: 4,
      space: 40,
      // Whole minutes: the labels say no seconds.
      incrs: [60, 120, 300, 600, 1800, 3600],
      values: (_, at) => at.map((s) => clock(s * 1000)),
    },
    {
      ...common,
      size: 64,
      gap: 6,
      space: 32,
      incrs: axisSteps(unit()),
      values: (_, ticks) => axisLabels(ticks, unit()),
    },
  ];
}

/** A little air above the largest value, and an axis even when all is zero. */
function niceTop(max: number | null): number {
  return max == null || max <= 0 ? 1 : max * 1.1;
}

function marksOf(chart: uPlot, { lines }: Drawing): Mark[] {
  return lines.flatMap(({ values }, line) => {
    const index = values.findLastIndex((value) => value != null);
    return index < 0 ? [] : [{ line, index, y: chart.valToPos(values[index]!, 'y') }];
  });
}

function shadeEmpty(chart: uPlot, drawing: Drawing, { colourOf }: Options): void {
  const half = drawing.stepMs / 2000;
  const times = chart.data[0];
  const { top, height, left, width } = chart.bbox;
  chart.ctx.save();
  chart.ctx.fillStyle = colourOf('--bg-sunken');
  for (const [from, to] of emptyStretches(drawing.lines.map((line) => line.values))) {
    const start = Math.max(left, chart.valToPos(times[from]! - half, 'x', true));
    const end = Math.min(left + width, chart.valToPos(times[to]! + half, 'x', true));
    chart.ctx.fillRect(start, top, end - start, height);
  }
  chart.ctx.restore();
}
