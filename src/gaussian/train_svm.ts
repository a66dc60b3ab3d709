import { loadLibsvm } from "./_libsvm.ts";
import type { Label, LabelledPoint } from "./draw_points.ts";

/** Parameters of the machine. */
export interface SvmOptions {
  /** Gamma of the kernel `exp(-gamma |x - y|^2)`, above 0. */
  gamma: number;
  /** C, the largest weight of a training point, above 0. */
  cost: number;
}

/** A trained support vector machine: a function of the plane. */
export interface Svm {
  /** Gamma of its kernel. */
  readonly gamma: number;
  /** Support vectors; points at the same place are one, with the sum of weights. */
  readonly vectors: readonly {
    /** Where it is. */
    readonly at: readonly [x: number, y: number];
    /** Weight times label. */
    readonly coefficient: number;
  }[];
  /** What is added to the sum. */
  readonly bias: number;
}

/** Violation of the optimality conditions at which LIBSVM stops. */
const TOLERANCE = 1e-6;

/** Cache of the kernel, in MiB; LIBSVM has 16 MiB of memory here. */
const CACHE = 4;

/**
 * Trains a support vector machine with the RBF kernel (Cortes and Vapnik 1995).
 * The problem is convex and has one solution: nothing is random.
 *
 * @param points At least one of each class. A repeated point counts once for each
 * repetition, which equals a larger C for it.
 */
export async function trainSvm(
  points: readonly LabelledPoint[],
  { gamma, cost }: SvmOptions,
): Promise<Svm> {
  const Machine = await loadLibsvm();
  const machine = new Machine({
    type: "0",
    kernel: "2",
    gamma,
    cost,
    tolerance: TOLERANCE,
    cacheSize: CACHE,
    quiet: true,
  });
  try {
    machine.train(points.map(({ at }) => at), points.map(({ label }) => label));
    const rows = machine.getSVIndices();
    return readModel(machine.serializeModel(), rows.map((row) => points[row]!));
  } finally {
    machine.free();
  }
}

/** Reads weights and bias from LIBSVM's model file. */
function readModel(text: string, support: readonly LabelledPoint[]): Svm {
  const [head, body] = text.split("\nSV\n") as [string, string];
  const field = (name: string) =>
    head.split("\n").find((line) => line.startsWith(`${name} `))!
      .slice(name.length + 1).split(" ").map(Number);
  // Its function is positive for the label that the model lists first.
  const sign = field("label")[0] as Label;
  const sums = new Map<string, { at: [number, number]; coefficient: number }>();
  body.trim().split("\n").forEach((line, i) => {
    const { at: [x, y] } = support[i]!;
    const key = `${x},${y}`;
    const sum = sums.get(key) ?? { at: [x, y], coefficient: 0 };
    sums.set(key, sum);
    sum.coefficient += sign * Number.parseFloat(line);
  });
  return {
    gamma: field("gamma")[0]!,
    vectors: [...sums.values()],
    bias: -sign * field("rho")[0]!,
  };
}

/** The decision function at a point: above 0 it predicts class +1. */
export function decide(
  { gamma, vectors, bias }: Svm,
  [x, y]: readonly [x: number, y: number],
): number {
  let sum = bias;
  for (const { at, coefficient } of vectors) {
    const distance = (x - at[0]) ** 2 + (y - at[1]) ** 2;
    sum += coefficient * Math.exp(-gamma * distance);
  }
  return sum;
}

/**
 * Counts the points of each class that the machine classifies correctly.
 *
 * @returns Counts of class -1 and of class +1.
 */
export function countCorrect(
  svm: Svm,
  points: readonly LabelledPoint[],
): [negative: number, positive: number] {
  const counts: [number, number] = [0, 0];
  for (const { at, label } of points) {
    const says = decide(svm, at) > 0 ? 1 : -1;
    if (says === label) counts[label === 1 ? 1 : 0]++;
  }
  return counts;
}
