import * as tf from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { einsumLabels } from "../common/einsum_labels.ts";
import { type RegistryCall, runOnCpu } from "./on_cpu.ts";

/**
 * Einstein summation of two tensors as one batched matrix product, so that it is
 * as fast in an attention layer; of any other number on the cpu backend.
 */
export function einsum(
  call: RegistryCall,
): tf.TensorInfo | tf.TensorInfo[] {
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
  const [a, b] = inputs;
  if (
    inputs.length !== 2 || inputs.some(({ dtype }) => dtype !== "float32")
  ) return runOnCpu("Einsum", call);
  const { terms: [left, right], output } = einsumLabels(equation) as {
    terms: [string[], string[]];
    output: string[];
  };
  const inLeft = (label: string) => left.includes(label);
  const inRight = (label: string) => right.includes(label);
  const inOutput = (label: string) => output.includes(label);
  const shared = left.filter((label) => inRight(label) && inOutput(label));
  const summed = left.filter((label) => inRight(label) && !inOutput(label));
  const rows = left.filter((label) => !inRight(label) && inOutput(label));
  const columns = right.filter((label) => !inLeft(label) && inOutput(label));
  const known = shared.length + summed.length;
  // A label that is summed over one tensor alone.
  if (
    left.length !== known + rows.length ||
    right.length !== known + columns.length
  ) return runOnCpu("Einsum", call);

  const backend = call.backend as BackendWasm;
  const size = new Map<string, number>();
  left.forEach((label, i) => size.set(label, a!.shape[i]!));
  right.forEach((label, i) => size.set(label, b!.shape[i]!));
  const count = (labels: string[]) =>
    labels.reduce((product, label) => product * size.get(label)!, 1);
  const run = (name: string, inputs: tf.NamedTensorInfoMap, attrs: object) =>
    tf.getKernel(name, "wasm")!.kernelFunc({
      inputs,
      backend,
      attrs: attrs as tf.NamedAttrMap,
    }) as tf.TensorInfo;
  const order = (x: tf.TensorInfo, from: string[], to: string[]) =>
    run("Transpose", { x }, { perm: to.map((label) => from.indexOf(label)) });
  const temporary: tf.TensorInfo[] = [];
  const keep = (info: tf.TensorInfo) => {
    temporary.push(info);
    return info;
  };
  const matrices = (
    x: tf.TensorInfo,
    labels: string[],
    [first, second]: [string[], string[]],
  ) => ({
    ...keep(order(x, labels, [...shared, ...first, ...second])),
    shape: [count(shared), count(first), count(second)],
  });
  const product = keep(run("BatchMatMul", {
    a: matrices(a!, left, [rows, summed]),
    b: matrices(b!, right, [summed, columns]),
  }, { transposeA: false, transposeB: false }));
  const made = [...shared, ...rows, ...columns];
  const y = order(
    { ...product, shape: made.map((label) => size.get(label)!) },
    made,
    output,
  );
  temporary.forEach(({ dataId }) => backend.disposeData(dataId));
  return y;
}
