import { elementwise } from "./elementwise.ts";
import type { WebgpuKernel } from "./kernel_host.ts";

/** Sums element by element. */
export const add: WebgpuKernel<"DupbenchAdd"> = {
  name: "DupbenchAdd",
  run(host, { inputs: { a, b } }) {
    const y = host.output(a.shape);
    elementwise(host, {
      key: "add",
      inputs: { a, b },
      outputs: { y },
      code: "fn element(i : i32) { y[i] = a[i] + b[i]; }",
    });
    return y;
  },
};

/** Products element by element. */
export const multiply: WebgpuKernel<"DupbenchMultiply"> = {
  name: "DupbenchMultiply",
  run(host, { inputs: { a, b } }) {
    const y = host.output(a.shape);
    elementwise(host, {
      key: "multiply",
      inputs: { a, b },
      outputs: { y },
      code: "fn element(i : i32) { y[i] = a[i] * b[i]; }",
    });
    return y;
  },
};

/** A factor and a number added; adding 0 would turn -0 into 0. */
export const scale: WebgpuKernel<"DupbenchScale"> = {
  name: "DupbenchScale",
  run(host, { inputs: { x }, attrs: { factor, offset } }) {
    const y = host.output(x.shape);
    elementwise(host, {
      key: "scale",
      inputs: { x },
      outputs: { y },
      floats: { factor, offset },
      code: `
fn element(i : i32) {
  let product = x[i] * uniforms.factor;
  y[i] = select(product + uniforms.offset, product, uniforms.offset == 0.0);
}`,
    });
    return y;
  },
};
