import * as tf from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { einsumLabels } from "../common/einsum_labels.ts";
import { type RegistryCall, runOnCpu } from "./on_cpu.ts";

/** A tensor and a label for each axis. */
interface Labelled {
  readonly x: tf.TensorInfo;
  readonly labels: readonly string[];
}

/**
 * Einstein summation of one tensor as a sum, and of two as one batched matrix
 * product, so that it is as fast in an attention layer; of more, or of integers,
 * on the cpu backend.
 */
export function einsum(call: RegistryCall): tf.TensorInfo | tf.TensorInfo[] {
  const inputs = Object.values(call.inputs) as tf.TensorInfo[];
  const equation = call.attrs!.equation as string;
  const { idDims, allDims } = tf.backend_util.decodeEinsumEquation(
    equation,
    inputs.length,
  );
  tf.backend_util.checkEinsumDimSizes(
    allDims.length,
    idDims,
    inputs as tf.Tensor[],
  );
  if (inputs.length > 2 || inputs.some(({ dtype }) => dtype !== "float32")) {
    return runOnCpu("Einsum", call);
  }
  const { terms, output } = einsumLabels(equation);
  const backend = call.backend as BackendWasm;
  const temporary: tf.TensorInfo[] = [];
  const run: RunKernel = (name, inputs, attrs) => {
    const y = tf.getKernel(name, "wasm")!.kernelFunc({
      inputs,
      backend,
      attrs: attrs as tf.NamedAttrMap,
    }) as tf.TensorInfo;
    temporary.push(y);
    return y;
  };
  const [a, b] = inputs.map((x, i) => {
    const elsewhere = [output, ...terms.filter((_, j) => j !== i)].flat();
    return sumOthers(run, { x, labels: terms[i]! }, elsewhere);
  }) as [Labelled, Labelled?];
  const y = order(run, b ? multiply(run, [a, b], output) : a, output);
  temporary.filter((x) => x !== y)
    .forEach(({ dataId }) => backend.disposeData(dataId));
  return y;
}

type RunKernel = (
  name: string,
  inputs: tf.NamedTensorInfoMap,
  attrs: object,
) => tf.TensorInfo;

/** Sums over the axes whose labels are not in a list. */
function sumOthers(
  run: RunKernel,
  { x, labels }: Labelled,
  kept: readonly string[],
): Labelled {
  const axis = labels.map((_, i) => i).filter((i) =>
    !kept.includes(labels[i]!)
  );
  if (axis.length === 0) return { x, labels };
  return {
    x: run("Sum", { x }, { axis, keepDims: false }),
    labels: labels.filter((label) => kept.includes(label)),
  };
}

/** The tensor with its axes in the order of these labels. */
function order(
  run: RunKernel,
  { x, labels }: Labelled,
  to: readonly string[],
): tf.TensorInfo {
  const perm = to.map((label) => labels.indexOf(label));
  return run("Transpose", { x }, { perm });
}

/** The product of two tensors, summed over the labels that the output lacks. */
function multiply(
  run: RunKernel,
  [a, b]: readonly [Labelled, Labelled],
  output: readonly string[],
): Labelled {
  const common = a.labels.filter((label) => b.labels.includes(label));
  const shared = common.filter((label) => output.includes(label));
  const summed = common.filter((label) => !output.includes(label));
  const rows = a.labels.filter((label) => !common.includes(label));
  const columns = b.labels.filter((label) => !common.includes(label));
  const size = new Map<string, number>();
  for (const { x, labels } of [a, b]) {
    labels.forEach((label, i) => size.set(label, x.shape[i]!));
  }
  const shape = (labels: string[]) => labels.map((label) => size.get(label)!);
  const matrices = (x: Labelled, [first, second]: [string[], string[]]) => ({
    ...order(run, x, [...shared, ...first, ...second]),
    shape: [shared, first, second].map((labels) =>
      tf.util.sizeFromShape(shape(labels))
    ),
  });
  const x = run("BatchMatMul", {
    a: matrices(a, [rows, summed]),
    b: matrices(b, [summed, columns]),
  }, { transposeA: false, transposeB: false });
  const labels = [...shared, ...rows, ...columns];
  return { x: { ...x, shape: shape(labels) }, labels };
}
