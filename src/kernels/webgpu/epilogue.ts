import type { TensorInfo } from "@tensorflow/tfjs";
import { type Activation, activationOf } from "../common/activation.ts";
import type { KernelCall } from "../common/kernel.ts";

/**
 * What is computed from each element of a matrix product once it is summed, in
 * the same program.
 */
export interface Epilogue {
  /** Names the code. */
  readonly key: string;
  /**
   * `fn finish(value : Value, column : i32) -> Value`, in WGSL: `column` counts
   * elements of type `Value` in a row. It may call `isNan`.
   */
  readonly code: string;
  /** float32 tensors to read, whose elements are of type `Value`. */
  readonly inputs: Readonly<Record<string, TensorInfo>>;
}

/** Leaves sums as they are. */
export const plainSum: Epilogue = {
  key: "plain",
  code: "fn finish(value : Value, column : i32) -> Value { return value; }",
  inputs: {},
};

/**
 * Activations, in WGSL. A NaN stays one, so that a run that diverged is noticed:
 * `max` alone would make it 0.
 */
const activations: Readonly<Record<Activation, string>> = {
  linear: "value",
  relu: "select(max(value, Value()), value, isNan(value))",
  relu6: "select(clamp(value, Value(), Value(6.0)), value, isNan(value))",
};

/** The bias of a fused call for each column, then its activation. */
export function biasAndActivation(
  call: KernelCall<"FusedConv2D" | "_FusedMatMul">,
): Epilogue {
  const { bias } = call.inputs;
  return biasThen(activationOf(call) ?? "linear", bias ?? undefined);
}

/** A bias for each column, if there is one, then an activation. */
export function biasThen(activation: Activation, bias?: TensorInfo): Epilogue {
  if (!bias && activation === "linear") return plainSum;
  return {
    key: `${activation}_${Boolean(bias)}`,
    code: `
fn finish(sum : Value, column : i32) -> Value {
  let value = sum${bias ? " + bias[column]" : ""};
  return ${activations[activation]};
}`,
    inputs: bias ? { bias } : {},
  };
}
