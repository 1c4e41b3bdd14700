/** The last `count` steps of a number that is measured once a step; what was missed is a gap. */
export class Trail {
  #values: (number | null)[];
  #lastStep = -1;

  constructor(
    readonly stepMs: number,
    count: number,
  ) {
    this.#values = new Array<number | null>(count).fill(null);
  }

  /** The values, oldest first. */
  get values(): readonly (number | null)[] {
    return this.#values;
  }

  /** Takes a measurement; the newest of one step stands. True when the trail looks otherwise now. */
  add(value: number | null, atMs: number): boolean {
    const step = Math.floor(atMs / this.stepMs);
    if (step < this.#lastStep) return false;
    const passed = this.#lastStep < 0 ? 0 : Math.min(step - this.#lastStep, this.#values.length);
    const before = this.#values.at(-1);
    for (let i = 0; i < passed; i++) this.#values.push(null);
    this.#values.splice(0, passed);
    this.#lastStep = step;
    this.#values[this.#values.length - 1] = value;
    return passed > 0 || before !== value;
  }

  /** Fills the steps that were not measured here from a history that somebody else kept. */
  precede(values: readonly (number | null)[], stepMs: number, endMs: number): void {
    if (this.#lastStep < 0) this.#lastStep = Math.floor(endMs / this.stepMs);
    const last = this.#values.length - 1;
    values.forEach((value, index) => {
      const step = Math.floor((endMs - (values.length - 1 - index) * stepMs) / this.stepMs);
      const at = last - (this.#lastStep - step);
      if (at >= 0 && at <= last) this.#values[at] ??= value;
    });
  }
}
