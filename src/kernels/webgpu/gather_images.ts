import type { TensorInfo } from "@tensorflow/tfjs";
import { elementwise } from "./elementwise.ts";
import type { TrainingKernel } from "./training_kernel.ts";

/** A batch from images that are bytes on the device; see `ops/image_store.ts`. */
export const gatherImages: TrainingKernel = {
  name: "DupbenchGatherImages",
  run(host, { inputs, attrs }) {
    const { bytes, units, picks } = inputs as Record<
      "bytes" | "units" | "picks",
      TensorInfo
    >;
    const shape = attrs?.["shape"] as [number, number, number];
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
