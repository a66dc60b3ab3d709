import { elementwise } from "./elementwise.ts";
import { biasThen } from "./epilogue.ts";
import type { WebgpuKernel } from "./kernel_host.ts";

/** A bias for each channel, then relu, after a convolution of any kind. */
export const addChannelBias: WebgpuKernel<"DupbenchAddBias"> = {
  name: "DupbenchAddBias",
  run(host, { inputs: { x, bias }, attrs: { relu } }) {
    const y = host.output(x.shape);
    const columns = x.shape.at(-1)!;
    const vector = columns % 4 === 0;
    const { key, code, inputs } = biasThen(relu ? "relu" : "linear", bias);
    elementwise(host, {
      key: `addBias_${key}_${vector}`,
      scalar: !vector,
      inputs: { x, ...inputs },
      outputs: { y },
      integers: { columns: [vector ? columns / 4 : columns] },
      code: `
${code}
fn element(i : i32) { y[i] = finish(x[i], i % uniforms.columns); }`,
    });
    return y;
  },
};
