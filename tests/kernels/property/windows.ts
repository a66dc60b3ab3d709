import type { Draw } from "./drawn_case.ts";

/** Windows along one axis. */
export interface AxisWindows {
  readonly size: number;
  readonly filter: number;
  readonly stride: number;
  readonly dilation: number;
  /** Zeros before the first element. */
  readonly before: number;
  /** Count of windows. */
  readonly out: number;
}

/** Padding as TensorFlow.js takes it. */
export type Padding = "same" | "valid" | number | [number, number][];

/** Windows along some axes, and how a call asks for them. */
export interface DrawnWindows {
  readonly axes: readonly AxisWindows[];
  readonly pad: Padding;
  readonly rounding: "floor" | "round" | "ceil" | undefined;
  readonly text: string;
}

const round = { floor: Math.floor, round: Math.round, ceil: Math.ceil };

/**
 * Draws windows along `rank` axes. With padding by one number, all axes are
 * alike, as TensorFlow.js computes the result's shape from the first.
 *
 * @param canDilate Whether elements of a window may be apart.
 * @param kinds Kinds of padding.
 */
export function drawWindows(
  draw: Draw,
  rank: number,
  { canDilate, kinds = ["same", "valid", "number", "explicit"] }: {
    canDilate: boolean;
    kinds?: readonly ("same" | "valid" | "number" | "explicit")[];
  },
): DrawnWindows {
  const kind = draw.one(kinds);
  const rounding = kind === "number"
    ? draw.one(["floor", "round", "ceil"] as const)
    : undefined;
  const dilates = canDilate && kind !== "number" && draw.whole(0, 2) === 0;
  const before = draw.whole(0, 1);
  const sides: [number, number][] = [];
  const axes: AxisWindows[] = [];
  while (axes.length < rank) {
    const one: Omit<AxisWindows, "before" | "out"> =
      kind === "number" && axes[0] !== undefined ? axes[0] : {
        size: draw.whole(1, rank === 3 ? 4 : 7),
        filter: draw.whole(1, 3),
        // A call may not both step and dilate.
        stride: dilates ? 1 : draw.whole(1, 3),
        dilation: dilates ? draw.whole(1, 2) : 1,
      };
    const { size, filter, stride, dilation } = one;
    const reach = (filter - 1) * dilation + 1;
    const side: [number, number] = kind === "explicit"
      ? [draw.whole(0, Math.min(2, reach - 1)), draw.whole(0, 1)]
      : [kind === "number" ? before : 0, kind === "number" ? before : 0];
    let out = round[rounding ?? "floor"](
      (size + side[0] + side[1] - reach) / stride,
    ) + 1;
    if (kind === "same") {
      out = Math.ceil(size / stride);
      side[0] = Math.max(0, (out - 1) * stride + reach - size) >> 1;
    }
    // TensorFlow.js pads volumes by less than nothing, on every backend.
    const isNegative = rank === 3 && kind === "same" &&
      (out - 1) * stride + reach < size;
    // Each window holds an element: else a maximum has none.
    const isFull = out > 0 && !isNegative &&
      // TensorFlow.js has no window of a volume that is smaller.
      (rank === 2 || size + side[0] + side[1] >= reach) &&
      Array.from({ length: out }, (_, o) => o * stride - side[0]).every((at) =>
        Array.from({ length: filter }, (_, k) => at + k * dilation)
          .some((i) => i >= 0 && i < size)
      );
    if (!isFull) {
      if (kind === "number") axes.length = 0;
      if (kind === "number" && before >= reach) {
        return drawWindows(draw, rank, { canDilate, kinds });
      }
      continue;
    }
    axes.push({ ...one, before: side[0], out });
    sides.push(side);
  }
  const pad = kind === "explicit"
    ? [[0, 0], ...sides, [0, 0]] as [number, number][]
    : kind === "number"
    ? before
    : kind;
  const text =
    axes.map(({ size, filter, stride, dilation }) =>
      `${filter} of ${size} stride ${stride} dilation ${dilation}`
    ).join(" x ") + `, pad ${JSON.stringify(pad)} ${rounding ?? ""}`;
  return { axes, pad, rounding, text };
}

/**
 * Visits the elements of every window, as flat indices over the axes.
 *
 * @param visit Given the element, its place in the filter, and the window.
 */
export function eachElement(
  axes: readonly AxisWindows[],
  visit: (element: number, place: number, window: number) => void,
): void {
  const walk = (axis: number, element: number, place: number, at: number) => {
    const windows = axes[axis];
    if (windows === undefined) return visit(element, place, at);
    const { size, filter, stride, dilation, before, out } = windows;
    for (let o = 0; o < out; o++) {
      for (let k = 0; k < filter; k++) {
        const i = o * stride - before + k * dilation;
        if (i < 0 || i >= size) continue;
        walk(axis + 1, element * size + i, place * filter + k, at * out + o);
      }
    }
  };
  walk(0, 0, 0, 0);
}
