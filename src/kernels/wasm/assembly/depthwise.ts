// Gradients of depthwise convolution, pixel by pixel: no product to block.
import { Geometry, inBytes, outBytes } from "./geometry";

/** dL/dx of a depthwise convolution with filters [height, width, in, multiplier]. */
export function depthwiseBackpropInput(g: Geometry, dy: usize, filter: usize, dx: usize): void {
  const batch = g.batchSize, height = g.inHeight, width = g.inWidth, channels = g.inChannels;
  const outHeight = g.outHeight, outWidth = g.outWidth, outChannels = g.outChannels;
  const filterHeight = g.filterHeight, filterWidth = g.filterWidth;
  const strideY = g.strideHeight, strideX = g.strideWidth;
  const dilationY = g.dilationHeight, dilationX = g.dilationWidth;
  const top = g.padTop, left = g.padLeft;
  const multiplier = channels > 0 ? outChannels / channels : 0;
  const imageBytes = inBytes(g);
  memory.fill(dx, 0, <usize>batch * imageBytes);
  for (let image = 0; image < batch; image++) {
    for (let oy = 0; oy < outHeight; oy++) {
      for (let ox = 0; ox < outWidth; ox++) {
        for (let ky = 0; ky < filterHeight; ky++) {
          const y = oy * strideY - top + ky * dilationY;
          if (y < 0 || y >= height) continue;
          for (let kx = 0; kx < filterWidth; kx++) {
            const x = ox * strideX - left + kx * dilationX;
            if (x < 0 || x >= width) continue;
            let to = dx + (<usize>((y * width + x) * channels) << 2);
            let f = filter + (<usize>((ky * filterWidth + kx) * outChannels) << 2);
            let from = dy;
            let c = 0;
            if (multiplier == 1) {
              for (; c + 4 <= channels; c += 4) {
                v128.store(to, f32x4.add(v128.load(to), f32x4.mul(v128.load(from), v128.load(f))));
                to += 16;
                f += 16;
                from += 16;
              }
            }
            for (; c < channels; c++) {
              let sum: f32 = 0;
              for (let m = 0; m < multiplier; m++) {
                sum += load<f32>(from) * load<f32>(f);
                from += 4;
                f += 4;
              }
              store<f32>(to, load<f32>(to) + sum);
              to += 4;
            }
          }
        }
        dy += <usize>outChannels << 2;
      }
    }
    dx += imageBytes;
  }
}

/**
 * dL/dW of a depthwise convolution. Each image is summed on its own first: sums
 * of sums round less.
 *
 * @param partial Scratch of the size of `dw`.
 */
export function depthwiseBackpropFilter(g: Geometry, x: usize, dy: usize, dw: usize, partial: usize): void {
  const size = <usize>(g.filterHeight * g.filterWidth * g.outChannels) << 2;
  const imageBytes = inBytes(g), gradientBytes = outBytes(g);
  memory.fill(dw, 0, size);
  for (let image = 0; image < g.batchSize; image++) {
    memory.fill(partial, 0, size);
    addImage(g, x, dy, partial);
    for (let i: usize = 0; i < size; i += 4) {
      store<f32>(dw + i, load<f32>(dw + i) + load<f32>(partial + i));
    }
    x += imageBytes;
    dy += gradientBytes;
  }
}

/** Adds the share of one image to the filter gradient `dw`. */
function addImage(g: Geometry, x: usize, dy: usize, dw: usize): void {
  const height = g.inHeight, width = g.inWidth, channels = g.inChannels;
  const outHeight = g.outHeight, outWidth = g.outWidth, outChannels = g.outChannels;
  const filterHeight = g.filterHeight, filterWidth = g.filterWidth;
  const strideY = g.strideHeight, strideX = g.strideWidth;
  const dilationY = g.dilationHeight, dilationX = g.dilationWidth;
  const top = g.padTop, left = g.padLeft;
  const multiplier = channels > 0 ? outChannels / channels : 0;
  for (let oy = 0; oy < outHeight; oy++) {
    for (let ox = 0; ox < outWidth; ox++) {
      for (let ky = 0; ky < filterHeight; ky++) {
        const iy = oy * strideY - top + ky * dilationY;
        if (iy < 0 || iy >= height) continue;
        for (let kx = 0; kx < filterWidth; kx++) {
          const ix = ox * strideX - left + kx * dilationX;
          if (ix < 0 || ix >= width) continue;
          let to = dw + (<usize>((ky * filterWidth + kx) * outChannels) << 2);
          let source = x + (<usize>((iy * width + ix) * channels) << 2);
          let from = dy;
          let c = 0;
          if (multiplier == 1) {
            for (; c + 4 <= channels; c += 4) {
              v128.store(to, f32x4.add(v128.load(to), f32x4.mul(v128.load(from), v128.load(source))));
              to += 16;
              source += 16;
              from += 16;
            }
          }
          for (; c < channels; c++) {
            const value = load<f32>(source);
            for (let m = 0; m < multiplier; m++) {
              store<f32>(to, load<f32>(to) + value * load<f32>(from));
              from += 4;
              to += 4;
            }
            source += 4;
          }
        }
      }
      dy += <usize>outChannels << 2;
    }
  }
}
