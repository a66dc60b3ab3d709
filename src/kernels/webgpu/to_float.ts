import type { NamedTensorInfoMap, TensorInfo } from "@tensorflow/tfjs";
import { elementwise } from "./elementwise.ts";
import type { KernelHost } from "./kernel_host.ts";

/** Numbers that are int32 or bool in memory, as float32. */
function toFloat(host: KernelHost, x: TensorInfo): TensorInfo {
  const y = host.output(x.shape);
  elementwise(host, {
    key: "toFloat",
    integerInputs: { x },
    outputs: { y },
    code: "fn element(i : i32) { y[i] = Value(x[i]); }",
  });
  return y;
}

/** Calls with inputs whose numbers in memory have the type of their tensor. */
export function withFloats<T>(
  host: KernelHost,
  inputs: NamedTensorInfoMap,
  run: (inputs: NamedTensorInfoMap) => T,
): T {
  const converted: TensorInfo[] = [];
  const result = run(Object.fromEntries(
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
