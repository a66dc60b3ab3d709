import { elementwise } from "./elementwise.ts";
import type { WebgpuKernel } from "./kernel_host.ts";

/**
 * The mean over all pixels. A thread sums a channel (or four) of an image, rows
 * of pixels apart and then together, so that the error does not grow with the
 * count of pixels.
 */
export const globalAvgPool: WebgpuKernel<"DupbenchGlobalAvgPool"> = {
  name: "DupbenchGlobalAvgPool",
  run(host, { inputs: { x } }) {
    const [batch, height, width, channels] = x.shape as [
      number,
      number,
      number,
      number,
    ];
    const y = host.output([batch, channels]);
    const vector = channels % 4 === 0;
    elementwise(host, {
      key: `globalAvgPool_${vector}`,
      scalar: !vector,
      inputs: { x },
      outputs: { y },
      integers: {
        height: [height],
        width: [width],
        columns: [vector ? channels / 4 : channels],
      },
      code: `
fn element(i : i32) {
  let image = i / uniforms.columns;
  var at = image * uniforms.height * uniforms.width * uniforms.columns
      + i - image * uniforms.columns;
  var sum = Value();
  for (var row = 0; row < uniforms.height; row++) {
    var line = Value();
    for (var column = 0; column < uniforms.width; column++) {
      line += x[at];
      at += uniforms.columns;
    }
    sum += line;
  }
  y[i] = sum / f32(uniforms.height * uniforms.width);
}`,
    });
    return y;
  },
};

/** Its gradient: an equal part for each pixel. */
export const globalAvgPoolGrad: WebgpuKernel<"DupbenchGlobalAvgPoolGrad"> = {
  name: "DupbenchGlobalAvgPoolGrad",
  run(host, { inputs: { dy }, attrs: { inputShape } }) {
    const [, height, width, channels] = inputShape;
    const dx = host.output(inputShape);
    const vector = channels % 4 === 0;
    elementwise(host, {
      key: `globalAvgPoolGrad_${vector}`,
      scalar: !vector,
      inputs: { dy },
      outputs: { dx },
      integers: {
        pixels: [height * width],
        columns: [vector ? channels / 4 : channels],
      },
      code: `
fn element(i : i32) {
  let pixel = i / uniforms.columns;
  let image = pixel / uniforms.pixels;
  dx[i] = dy[image * uniforms.columns + i - pixel * uniforms.columns]
      / f32(uniforms.pixels);
}`,
    });
    return dx;
  },
};
