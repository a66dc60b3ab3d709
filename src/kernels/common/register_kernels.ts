import {
  getKernel,
  type KernelBackend,
  type KernelConfig,
  type NamedTensorInfoMap,
  registerKernel,
  type TensorInfo,
  unregisterKernel,
} from "@tensorflow/tfjs";
import type { KernelCall, TrainingKernel } from "./kernel.ts";
import { registerGradients } from "./register_gradients.ts";

/** The kernels of a backend, and what they need. */
export interface KernelSet<Host> {
  /** Name of the backend in TensorFlow.js. */
  readonly backend: string;
  /** The kernels. */
  readonly kernels: readonly TrainingKernel<Host>[];
  /** Finds the host of a backend. */
  hostOf(backend: KernelBackend): Host;
  /** Calls with inputs made fit for our kernels; as they are if absent. */
  adaptInputs?<T>(
    host: Host,
    inputs: NamedTensorInfoMap,
    run: (inputs: NamedTensorInfoMap) => T,
  ): T;
}

/** Names of backends whose kernels are registered, and of those kernels. */
const registered = new Set<string>();

const keyOf = (backend: string, kernel: string) => `${backend}/${kernel}`;

/**
 * Puts our kernels into TensorFlow.js's registry, in place of the official ones
 * of the same names, and registers the gradients of those that are new. Calls
 * that one of ours does not take go to the official kernel. A second call for
 * the same backend does nothing.
 */
export function registerKernels<Host>(set: KernelSet<Host>): void {
  if (registered.has(set.backend)) return;
  registerGradients({
    isOurs: (kernel, backend) => registered.has(keyOf(backend, kernel)),
  });
  for (const kernel of set.kernels) {
    const official = getKernel(kernel.name, set.backend);
    // Otherwise TensorFlow.js warns of a kernel registered twice.
    if (official !== undefined) unregisterKernel(kernel.name, set.backend);
    registerKernel(kernelConfig(set, kernel, official));
    registered.add(keyOf(set.backend, kernel.name));
  }
  registered.add(set.backend);
}

/** The registry's form of a kernel. */
function kernelConfig<Host>(
  set: KernelSet<Host>,
  kernel: TrainingKernel<Host>,
  official: KernelConfig | undefined,
): KernelConfig {
  // Our own operations call their kernels with what they take.
  const takesTypes = kernel.anyType || kernel.name.startsWith("Dupbench");
  return {
    kernelName: kernel.name,
    backendName: set.backend,
    ...(official?.setupFunc && { setupFunc: official.setupFunc }),
    ...(official?.disposeFunc && { disposeFunc: official.disposeFunc }),
    kernelFunc(params) {
      const { inputs, attrs = {} } = params;
      const call = { inputs, attrs } as unknown as KernelCall;
      if (
        (takesTypes || allFloat(inputs)) && (kernel.accepts?.(call) ?? true)
      ) {
        const host = set.hostOf(params.backend as KernelBackend);
        if (set.adaptInputs === undefined) return kernel.run(host, call);
        return set.adaptInputs(
          host,
          inputs,
          (inputs) =>
            kernel.run(host, { inputs, attrs } as unknown as KernelCall),
        );
      }
      if (official !== undefined) return official.kernelFunc(params);
      throw new TypeError(
        `${kernel.name} on ${set.backend} needs float32 inputs with channels last, got ${
          Object.entries(inputs).map(([name, input]) =>
            `${name} ${input?.dtype} [${input?.shape.join(", ")}]`
          ).join(", ")
        }`,
      );
    },
  };
}

/** Whether every input that is present is float32. */
function allFloat(inputs: NamedTensorInfoMap): boolean {
  // A loop: this is part of every call.
  for (const name in inputs) {
    const input = inputs[name] as TensorInfo | undefined | null;
    if (input && input.dtype !== "float32") return false;
  }
  return true;
}
