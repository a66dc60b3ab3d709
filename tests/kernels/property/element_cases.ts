import * as tf from "@tensorflow/tfjs";
import { type Draw, type DrawnCase, sizeOf } from "./drawn_case.ts";

const drawShape = (draw: Draw, rank = draw.whole(1, 4)) =>
  Array.from({ length: rank }, () => draw.whole(1, 6));

/** Sums and means over drawn axes. */
export function drawSum(draw: Draw): DrawnCase {
  const shape = drawShape(draw);
  const axes = shape.map((_, i) => i).filter(() => draw.whole(0, 1) === 0);
  if (axes.length === 0) axes.push(draw.whole(0, shape.length - 1));
  const name = draw.one(["sum", "mean"] as const);
  const keeps = draw.whole(0, 1) === 1;
  const kept = shape.map((size, i) => axes.includes(i) ? 1 : size);
  const count = sizeOf(axes.map((axis) => shape[axis]!));
  return {
    text: `${name} of [${shape}] over [${axes}] ${keeps}`,
    inputs: [draw.lattice(shape)],
    run: (x) => tf[name](x!, axes, keeps),
    reference(x) {
      const y = Array<number>(sizeOf(kept)).fill(0);
      x!.forEach((value, flat) => {
        let [at, step, rest] = [0, 1, flat];
        for (let i = shape.length - 1; i >= 0; i--) {
          if (kept[i] !== 1) at += step * (rest % shape[i]!);
          step *= kept[i]!;
          rest = Math.floor(rest / shape[i]!);
        }
        y[at]! += name === "sum" ? value : value / count;
      });
      return y;
    },
  };
}

const clamp = (value: number, least: number, most: number) =>
  Math.min(Math.max(value, least), most);

/** Activations, element by element; no drawn number is at their kinks. */
export function drawActivation(draw: Draw): DrawnCase {
  const [name, run, exact] = draw.one([
    ["relu", (x: tf.Tensor) => tf.relu(x), (v: number) => Math.max(v, 0)],
    ["relu6", (x: tf.Tensor) => tf.relu6(x), (v: number) => clamp(v, 0, 6)],
    [
      "clipByValue",
      (x: tf.Tensor) => tf.clipByValue(x, -1, 2),
      (v: number) => clamp(v, -1, 2),
    ],
    [
      "leakyRelu",
      (x: tf.Tensor) => tf.leakyRelu(x, 0.25),
      (v: number) => v > 0 ? v : 0.25 * v,
    ],
    [
      "sigmoid",
      (x: tf.Tensor) => tf.sigmoid(x),
      (v: number) => 1 / (1 + Math.exp(-v)),
    ],
    ["tanh", (x: tf.Tensor) => tf.tanh(x), Math.tanh],
  ]);
  const shape = drawShape(draw);
  return {
    text: `${name} of [${shape}]`,
    inputs: [draw.distinct(shape)],
    run: (x) => run(x!),
    reference: (x) => x!.map(exact),
  };
}

/** Slopes of negative numbers that broadcast. */
export function drawPrelu(draw: Draw): DrawnCase {
  const shape = drawShape(draw, 3);
  const slopes = shape.map((size) => draw.one([size, 1]));
  return {
    text: `prelu of [${shape}] with slopes [${slopes}]`,
    inputs: [draw.distinct(shape), draw.lattice(slopes)],
    run: (x, alpha) => tf.prelu(x!, alpha!),
    reference: (x, alpha) =>
      x!.map((value, flat) => {
        let [at, step, rest] = [0, 1, flat];
        for (let i = 2; i >= 0; i--) {
          if (slopes[i] !== 1) at += step * (rest % shape[i]!);
          step *= slopes[i]!;
          rest = Math.floor(rest / shape[i]!);
        }
        return value > 0 ? value : value * alpha![at]!;
      }),
  };
}

/** Rows gathered by index, some twice, and rows summed by segment. */
export function drawRows(draw: Draw): DrawnCase {
  const [rows, columns, others] = [1, 2, 3].map(() => draw.whole(1, 6)) as [
    number,
    number,
    number,
  ];
  const gathers = draw.whole(0, 1) === 0;
  const index = Array.from(
    { length: gathers ? others : rows },
    () => draw.whole(0, (gathers ? rows : others) - 1),
  );
  const indices = () => tf.tensor1d(index, "int32");
  return {
    text: `${
      gathers ? "gather" : "unsortedSegmentSum"
    } [${index}] of ${rows}x${columns}, ${others}`,
    inputs: [draw.lattice([rows, columns])],
    run: (x) =>
      gathers
        ? tf.gather(x!, indices())
        : tf.unsortedSegmentSum(x!, indices(), others),
    reference(x) {
      const y = Array<number>((gathers ? index.length : others) * columns)
        .fill(0);
      index.forEach((to, i) => {
        const [from, at] = gathers ? [to, i] : [i, to];
        for (let c = 0; c < columns; c++) {
          y[at * columns + c]! += x![from * columns + c]!;
        }
      });
      return y;
    },
  };
}

/** Casts to bool, and to the same type. */
export function drawCast(draw: Draw): DrawnCase {
  const shape = drawShape(draw, 2);
  const toBool = draw.whole(0, 1) === 1;
  return {
    text: `cast [${shape}] to ${toBool ? "bool" : "float32"}`,
    inputs: [draw.lattice(shape)],
    run: (x) => tf.cast(x!, toBool ? "bool" : "float32"),
    reference: (x) => toBool ? x!.map((v) => v === 0 ? 0 : 1) : x!,
    orders: toBool ? 0 : 2,
  };
}
