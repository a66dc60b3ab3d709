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
        pickSize: [picks.shape[1]!],
      },
      code: `
// Reflected about the first or last place, which is not repeated.
fn reflected(at : i32, size : i32) -> i32 {
  return size - 1 - abs(size - 1 - abs(at));
}
fn element(i : i32) {
  let pixel = i / uniforms.channels;
  let channel = i - pixel * uniforms.channels;
  let line = pixel / uniforms.width;
  let x = pixel - line * uniforms.width;
  let entry = line / uniforms.height;
  let pick = uniforms.pickSize * entry;
  let y = line - entry * uniforms.height;
  let top = picks[pick + 5];
  let left = picks[pick + 6];
  let side = picks[pick + 7];
  var row = y - picks[pick + 1];
  let mirrored = select(x, uniforms.width - 1 - x, picks[pick + 3] != 0);
  var column = mirrored - picks[pick + 2];
  if (picks[pick + 4] != 0) {
    row = reflected(row, uniforms.height);
    column = reflected(column, uniforms.width);
  }
  let isCut = y >= top && y < top + side && x >= left && x < left + side;
  if (isCut || row < 0 || row >= uniforms.height
      || column < 0 || column >= uniforms.width) {
    images[i] = 0.0;
    return;
  }
  let image = picks[pick] * uniforms.height + row;
  let at = (image * uniforms.width + column) * uniforms.channels + channel;
  let word = u32(bytes[at >> 2u]);
  images[i] = units[(word >> (8u * u32(at & 3))) & 255u];
}`,
    });
    return images;
  },
};
