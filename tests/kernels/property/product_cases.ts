import * as tf from "@tensorflow/tfjs";
import { type Draw, type DrawnCase, sizeOf } from "./drawn_case.ts";

/** An operand of a product of matrices, some of its batch axes drawn as 1. */
const narrow = (draw: Draw, batch: readonly number[]) =>
  batch.map((size) => draw.one([size, size, 1]));

/** Products of matrices, transposed or not, of batches that broadcast. */
export function drawMatMul(draw: Draw): DrawnCase {
  const batch = Array.from(
    { length: draw.whole(0, 2) },
    () => draw.whole(1, 3),
  );
  const [rows, inner, columns] = [1, 2, 3].map(() => draw.whole(1, 9)) as [
    number,
    number,
    number,
  ];
  const [transposeA, transposeB] = [
    draw.whole(0, 1) === 1,
    draw.whole(0, 1) === 1,
  ];
  const dtype = draw.whole(0, 5) === 0 ? "int32" : "float32";
  // Integers are left to the cpu backend, which broadcasts no two batches.
  const batches = dtype === "int32"
    ? [batch, batch] as const
    : [narrow(draw, batch), narrow(draw, batch)] as const;
  const all = batch.map((_, i) => Math.max(batches[0][i]!, batches[1][i]!));
  const whole = (shape: number[]) => {
    const { values } = draw.lattice(shape);
    return {
      shape,
      dtype,
      values: dtype === "int32" ? values.map((value) => 8 * value) : values,
    } as const;
  };
  /** The matrix of an operand that belongs to one of the result. */
  const matrixOf = (flat: number, own: readonly number[]) => {
    let [at, step, rest] = [0, 1, flat];
    for (let i = all.length - 1; i >= 0; i--) {
      if (own[i] !== 1) at += step * (rest % all[i]!);
      step *= own[i]!;
      rest = Math.floor(rest / all[i]!);
    }
    return at;
  };
  return {
    text: `matMul ${dtype} [${batches[0]}] [${
      batches[1]
    }] ${rows}x${inner}x${columns} ${transposeA} ${transposeB}`,
    inputs: [
      whole([...batches[0], ...(transposeA ? [inner, rows] : [rows, inner])]),
      whole([
        ...batches[1],
        ...(transposeB ? [columns, inner] : [inner, columns]),
      ]),
    ],
    run: (a, b) => tf.matMul(a!, b!, transposeA, transposeB),
    reference(a, b) {
      return Array.from({ length: sizeOf(all) * rows * columns }, (_, i) => {
        const matrix = Math.floor(i / (rows * columns));
        const row = Math.floor(i / columns) % rows, column = i % columns;
        const [a0, b0] = [
          matrixOf(matrix, batches[0]) * rows * inner,
          matrixOf(matrix, batches[1]) * inner * columns,
        ];
        let sum = 0;
        for (let k = 0; k < inner; k++) {
          sum += a![a0 + (transposeA ? k * rows + row : row * inner + k)]! *
            b![b0 + (transposeB ? column * inner + k : k * columns + column)]!;
        }
        return sum;
      });
    },
    orders: dtype === "float32" ? 2 : 0,
  };
}

/** Products of two matrices with a bias and an activation. */
export function drawFusedMatMul(draw: Draw): DrawnCase {
  const [rows, inner, columns] = [1, 2, 3].map(() => draw.whole(1, 9)) as [
    number,
    number,
    number,
  ];
  const activation = draw.one(["linear", "relu"] as const);
  const bias = draw.lattice([columns]);
  return {
    text: `fused.matMul ${rows}x${inner}x${columns} ${activation}`,
    inputs: [
      draw.lattice([rows, inner]),
      draw.lattice([inner, columns]),
      // No sum of products of eighths is 0 after it.
      { ...bias, values: bias.values.map((value) => value + 1 / 128) },
    ],
    run: (a, b, bias) =>
      tf.fused.matMul({ a: a!, b: b!, bias: bias!, activation }),
    reference: (a, b, bias) =>
      Array.from({ length: rows * columns }, (_, i) => {
        let sum = bias![i % columns]!;
        for (let k = 0; k < inner; k++) {
          sum += a![Math.floor(i / columns) * inner + k]! *
            b![k * columns + i % columns]!;
        }
        return activation === "relu" ? Math.max(sum, 0) : sum;
      }),
  };
}

/** Sums of products over drawn labels. */
export function drawEinsum(draw: Draw): DrawnCase {
  const labels = ["i", "j", "k", "l"].slice(0, draw.whole(1, 4));
  const sizes = labels.map(() => draw.whole(1, 4));
  const shuffled = (list: string[]) =>
    list.map((label) => [draw.whole(0, 999), label] as const)
      .sort(([a], [b]) => a - b).map(([, label]) => label);
  const terms = [0, 1].slice(0, draw.whole(1, 2)).map(() =>
    shuffled(labels.filter(() => draw.whole(0, 3) > 0))
  );
  // TensorFlow.js has no term without a label.
  terms.forEach((term) => term.length === 0 && term.push(labels[0]!));
  const used = labels.filter((label) => terms.some((t) => t.includes(label)));
  const output = shuffled(used.filter(() => draw.whole(0, 1) === 0));
  const sizeOfLabel = (label: string) => sizes[labels.indexOf(label)]!;
  const place = (term: readonly string[], index: readonly number[]) =>
    term.reduce(
      (at, label) => at * sizeOfLabel(label) + index[used.indexOf(label)]!,
      0,
    );
  const equation = `${terms.map((t) => t.join("")).join(",")}->${
    output.join("")
  }`;
  return {
    text: `einsum ${equation} ${sizes}`,
    inputs: terms.map((term) => draw.lattice(term.map(sizeOfLabel))),
    run: (...x) => tf.einsum(equation, ...x),
    reference(...x) {
      const y = Array<number>(sizeOf(output.map(sizeOfLabel))).fill(0);
      const total = sizeOf(used.map(sizeOfLabel));
      for (let flat = 0; flat < total; flat++) {
        let rest = flat;
        const index = used.map((label) => {
          const at = rest % sizeOfLabel(label);
          rest = Math.floor(rest / sizeOfLabel(label));
          return at;
        });
        y[place(output, index)]! += terms.reduce(
          (product, term, t) => product * x[t]![place(term, index)]!,
          1,
        );
      }
      return y;
    },
  };
}
