// Gradients of depthwise convolution, pixel by pixel: no product to block.

/** Adds one image's share to dx, which starts at zero. */
export function depthwiseBackpropInput(
  dy: usize,
  filter: usize,
  height: i32,
  width: i32,
  channels: i32,
  multiplier: i32,
  filterHeight: i32,
  filterWidth: i32,
  dilationY: i32,
  dilationX: i32,
  strideY: i32,
  strideX: i32,
  top: i32,
  left: i32,
  outHeight: i32,
  outWidth: i32,
  dx: usize,
): void {
  const outChannels = channels * multiplier;
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
}

/**
 * Adds one image's share to dw, which starts at zero. An image is summed on
 * its own first: sums of sums round less.
 *
 * @param partial Room for as many floats as `dw` has.
 */
export function depthwiseBackpropFilter(
  x: usize,
  dy: usize,
  height: i32,
  width: i32,
  channels: i32,
  multiplier: i32,
  filterHeight: i32,
  filterWidth: i32,
  dilationY: i32,
  dilationX: i32,
  strideY: i32,
  strideX: i32,
  top: i32,
  left: i32,
  outHeight: i32,
  outWidth: i32,
  dw: usize,
  partial: usize,
): void {
  const outChannels = channels * multiplier;
  const size = <usize>(filterHeight * filterWidth * outChannels) << 2;
  memory.fill(partial, 0, size);
  for (let oy = 0; oy < outHeight; oy++) {
    for (let ox = 0; ox < outWidth; ox++) {
      for (let ky = 0; ky < filterHeight; ky++) {
        const iy = oy * strideY - top + ky * dilationY;
        if (iy < 0 || iy >= height) continue;
        for (let kx = 0; kx < filterWidth; kx++) {
          const ix = ox * strideX - left + kx * dilationX;
          if (ix < 0 || ix >= width) continue;
          let to = partial + (<usize>((ky * filterWidth + kx) * outChannels) << 2);
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
  for (let i: usize = 0; i < size; i += 4) {
    store<f32>(dw + i, load<f32>(dw + i) + load<f32>(partial + i));
  }
}
