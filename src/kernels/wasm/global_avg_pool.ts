import type { WasmKernel } from "./kernel_host.ts";

/** The mean over all pixels, in float64. */
export const globalAvgPool: WasmKernel<"DupbenchGlobalAvgPool"> = {
  name: "DupbenchGlobalAvgPool",
  run(host, { inputs: { x } }) {
    const [batch, height, width, channels] = x.shape as [
      number,
      number,
      number,
      number,
    ];
    const y = host.output([batch, channels]);
    host.kernels.globalAvgPool(
      host.address(x),
      batch,
      height * width,
      channels,
      host.address(y),
    );
    return y;
  },
};

/** Its gradient: an equal part for each pixel. */
export const globalAvgPoolGrad: WasmKernel<"DupbenchGlobalAvgPoolGrad"> = {
  name: "DupbenchGlobalAvgPoolGrad",
  run(host, { inputs: { dy }, attrs: { inputShape } }) {
    const [batch, height, width, channels] = inputShape;
    const dx = host.output(inputShape);
    host.kernels.globalAvgPoolGrad(
      host.address(dy),
      batch,
      height * width,
      channels,
      host.address(dx),
    );
    return dx;
  },
};
