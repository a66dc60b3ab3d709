import { elementwise } from "./elementwise.ts";
import type { WebgpuKernel } from "./kernel_host.ts";

/** A batch made from bytes on the device, as `ops/image_store.ts` describes. */
export const gatherImages: WebgpuKernel<"DupbenchGatherImages"> = {
  name: "DupbenchGatherImages",
  run(host, { inputs: { bytes, units, picks }, attrs: { shape } }) {
    const images = host.output([picks.shape[0]!, ...shape]);
    elementwise(host, {
      key: "gatherImages",
      scalar: true,
      inputs: { units },
      integerInputs: { bytes, picks },
      outputs: { images },
      integers: {
        height: [shape[0]],
        width: [shape[1]],
        channels: [shape[2]],
      },
      code: `
fn element(i : i32) {
  let pixel = i / uniforms.channels;
  let channel = i - pixel * uniforms.channels;
  let line = pixel / uniforms.width;
  let x = pixel - line * uniforms.width;
  let entry = line / uniforms.height;
  let row = line - entry * uniforms.height - picks[4 * entry + 1];
  let mirrored = select(x, uniforms.width - 1 - x, picks[4 * entry + 3] != 0);
  let column = mirrored - picks[4 * entry + 2];
  if (row < 0 || row >= uniforms.height
      || column < 0 || column >= uniforms.width) {
    images[i] = 0.0;
    return;
  }
  let image = picks[4 * entry] * uniforms.height + row;
  let at = (image * uniforms.width + column) * uniforms.channels + channel;
  let word = u32(bytes[at >> 2u]);
  images[i] = units[(word >> (8u * u32(at & 3))) & 255u];
}`,
    });
    return images;
  },
};
