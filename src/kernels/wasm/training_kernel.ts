import type {
  KernelBackend,
  KernelConfig,
  NamedAttrMap,
  NamedTensorInfoMap,
  TensorInfo,
} from "@tensorflow/tfjs";
import type { KernelHost } from "./kernel_host.ts";

/** What a kernel is called with. */
export interface KernelCall {
  /** Input tensors by name. */
  readonly inputs: NamedTensorInfoMap;
  /** Attributes by name. */
  readonly attrs: NamedAttrMap | undefined;
  /** The backend, for kernels of its own. */
  readonly backend: KernelBackend;
}

/** One kernel of the wasm backend, as this module provides it. */
export interface TrainingKernel {
  /** Its name in TensorFlow.js's registry. */
  readonly name: string;
  /** Computes it. All inputs are float32 if it replaces an official kernel. */
  run(host: KernelHost, call: KernelCall): TensorInfo | TensorInfo[];
  /** Whether it takes other types than float32 too. */
  readonly anyType?: boolean;
  /** Whether a call is one of ours; otherwise the official kernel gets it. */
  accepts?(call: KernelCall): boolean;
}

/**
 * The registry's form of a kernel. Calls with other types than float32, or
 * that it does not accept, go to the official kernel.
 *
 * @param official What it replaces, if anything.
 * @param hostOf Finds the host of a backend.
 */
export function toKernelConfig(
  kernel: TrainingKernel,
  official: KernelConfig | undefined,
  hostOf: (backend: KernelBackend) => KernelHost,
): KernelConfig {
  return {
    kernelName: kernel.name,
    backendName: "wasm",
    ...(official?.setupFunc && { setupFunc: official.setupFunc }),
    ...(official?.disposeFunc && { disposeFunc: official.disposeFunc }),
    kernelFunc({ inputs, attrs, backend }) {
      const call = { inputs, attrs, backend: backend as KernelBackend };
      const ours =
        (kernel.anyType || official === undefined || allFloat(inputs)) &&
        (kernel.accepts?.(call) ?? true);
      if (ours) return kernel.run(hostOf(call.backend), call);
      if (official !== undefined) {
        return official.kernelFunc({
          inputs,
          backend,
          ...(attrs && { attrs }),
        });
      }
      throw new TypeError(
        `Cannot run ${kernel.name} on wasm as inputs must be float32 and channels last: current value is ${
          Object.values(inputs).map((input) => input?.dtype).join(", ")
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
