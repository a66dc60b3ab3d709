import type {
  KernelBackend,
  KernelConfig,
  NamedAttrMap,
  NamedTensorInfoMap,
  TensorInfo,
} from "@tensorflow/tfjs";
import { hostOf, type KernelHost } from "./kernel_host.ts";
import { toFloat } from "./to_float.ts";

/** What a kernel is called with. */
export interface KernelCall {
  /** Input tensors by name. */
  readonly inputs: NamedTensorInfoMap;
  /** Attributes by name. */
  readonly attrs: NamedAttrMap | undefined;
}

/** One kernel of the WebGPU backend, as this module provides it. */
export interface TrainingKernel {
  /** Its name in TensorFlow.js's registry. */
  readonly name: string;
  /**
   * Computes it. All inputs are float32, in memory too, or int32 outputs of our
   * own.
   */
  run(host: KernelHost, call: KernelCall): TensorInfo | TensorInfo[];
  /** Whether a call is one of ours; otherwise the official kernel gets it. */
  accepts?(call: KernelCall): boolean;
}

/**
 * The registry's form of a kernel. Calls that it does not accept, or that mix
 * in other types than float32, go to the official kernel.
 *
 * @param official What it replaces, if anything.
 */
export function toKernelConfig(
  kernel: TrainingKernel,
  official: KernelConfig | undefined,
): KernelConfig {
  return {
    kernelName: kernel.name,
    backendName: "webgpu",
    ...(official?.setupFunc && { setupFunc: official.setupFunc }),
    ...(official?.disposeFunc && { disposeFunc: official.disposeFunc }),
    kernelFunc(params) {
      const call = { inputs: params.inputs, attrs: params.attrs };
      const isOurs = (official === undefined || allFloat(call.inputs)) &&
        (kernel.accepts?.(call) ?? true);
      if (isOurs) {
        const host = hostOf(params.backend as KernelBackend);
        return withFloats(
          host,
          call.inputs,
          (inputs) => kernel.run(host, { ...call, inputs }),
        );
      }
      if (official !== undefined) return official.kernelFunc(params);
      throw new TypeError(
        `Cannot run ${kernel.name} on webgpu as inputs must be of a kind that it takes: current value is ${
          Object.values(call.inputs).map((input) =>
            `${input?.dtype} [${input?.shape}]`
          ).join(", ")
        }`,
      );
    },
  };
}

/** Whether every input that is there is float32. */
function allFloat(inputs: NamedTensorInfoMap): boolean {
  return Object.values(inputs).every((input) =>
    (input as TensorInfo | undefined | null)?.dtype === "float32" ||
    input === undefined || input === null
  );
}

/** Calls with inputs whose numbers are in memory what their type says. */
function withFloats<T>(
  host: KernelHost,
  inputs: NamedTensorInfoMap,
  call: (inputs: NamedTensorInfoMap) => T,
): T {
  const converted: TensorInfo[] = [];
  const result = call(Object.fromEntries(
    Object.entries(inputs).map(([name, input]) => {
      if (
        input?.dtype !== "float32" || host.storedType(input) === "float32"
      ) return [name, input];
      const floats = toFloat(host, input);
      converted.push(floats);
      return [name, floats];
    }),
  ));
  converted.forEach(host.dispose);
  return result;
}
