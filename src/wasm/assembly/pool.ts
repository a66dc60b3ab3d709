// Max pooling. A NaN in a window is its maximum, as in PyTorch: TF.js's own
// kernels skip it, which would hide that a training run has diverged.

// @ts-ignore: decorator
@inline
function greater(value: v128, best: v128): v128 {
  return v128.or(f32x4.gt(value, best), f32x4.ne(value, value));
}

/** One image; -Infinity where a window holds no pixel at all. */
export function maxPool(
  x: usize,
  height: i32,
  width: i32,
  channels: i32,
  windowHeight: i32,
  windowWidth: i32,
  dilationY: i32,
  dilationX: i32,
  strideY: i32,
  strideX: i32,
  top: i32,
  left: i32,
  out: usize,
  outHeight: i32,
  outWidth: i32,
): void {
  const pixel = <usize>channels << 2;
  const vectors = channels & ~3;
  for (let oy = 0; oy < outHeight; oy++) {
    for (let ox = 0; ox < outWidth; ox++) {
      for (let c = 0; c < channels; c += c < vectors ? 4 : 1) {
        const wide = c < vectors;
        let best = f32x4.splat(-Infinity);
        for (let ky = 0; ky < windowHeight; ky++) {
          const y = oy * strideY - top + ky * dilationY;
          if (y < 0 || y >= height) continue;
          for (let kx = 0; kx < windowWidth; kx++) {
            const xx = ox * strideX - left + kx * dilationX;
            if (xx < 0 || xx >= width) continue;
            const from = x + <usize>(y * width + xx) * pixel + (<usize>c << 2);
            best = f32x4.max(best, wide ? v128.load(from) : v128.load32_splat(from));
          }
        }
        const to = out + (<usize>c << 2);
        if (wide) v128.store(to, best);
        else store<f32>(to, f32x4.extract_lane(best, 0));
      }
      out += pixel;
    }
  }
}

/**
 * Adds the gradient of one image to dx, which starts at zero. Each window's
 * goes to its first maximum in reading order; in an all-minus-infinity window
 * to its first pixel.
 */
export function maxPoolGrad(
  dy: usize,
  x: usize,
  height: i32,
  width: i32,
  channels: i32,
  windowHeight: i32,
  windowWidth: i32,
  dilationY: i32,
  dilationX: i32,
  strideY: i32,
  strideX: i32,
  top: i32,
  left: i32,
  dx: usize,
  outHeight: i32,
  outWidth: i32,
): void {
  const pixel = <usize>channels << 2;
  const vectors = channels & ~3;
  for (let oy = 0; oy < outHeight; oy++) {
    for (let ox = 0; ox < outWidth; ox++) {
      for (let c = 0; c < channels; c += c < vectors ? 4 : 1) {
        const wide = c < vectors;
        let best = f32x4.splat(0);
        let where = i32x4.splat(-1);
        for (let ky = 0; ky < windowHeight; ky++) {
          const y = oy * strideY - top + ky * dilationY;
          if (y < 0 || y >= height) continue;
          for (let kx = 0; kx < windowWidth; kx++) {
            const xx = ox * strideX - left + kx * dilationX;
            if (xx < 0 || xx >= width) continue;
            const place = y * width + xx;
            const from = x + <usize>place * pixel + (<usize>c << 2);
            const value = wide ? v128.load(from) : v128.load32_splat(from);
            // Nothing beats a NaN, and the first pixel beats nothing found.
            const beats = v128.or(
              v128.and(greater(value, best), f32x4.eq(best, best)),
              i32x4.lt_s(where, i32x4.splat(0)),
            );
            best = v128.bitselect(value, best, beats);
            where = v128.bitselect(i32x4.splat(place), where, beats);
          }
        }
        const from = dy + (<usize>c << 2);
        const share = wide ? v128.load(from) : v128.load32_splat(from);
        for (let ky = 0; ky < windowHeight; ky++) {
          const y = oy * strideY - top + ky * dilationY;
          if (y < 0 || y >= height) continue;
          for (let kx = 0; kx < windowWidth; kx++) {
            const xx = ox * strideX - left + kx * dilationX;
            if (xx < 0 || xx >= width) continue;
            const place = y * width + xx;
            const to = dx + <usize>place * pixel + (<usize>c << 2);
            const mine = v128.and(share, i32x4.eq(where, i32x4.splat(place)));
            if (wide) v128.store(to, f32x4.add(v128.load(to), mine));
            else store<f32>(to, load<f32>(to) + f32x4.extract_lane(mine, 0));
          }
        }
      }
      dy += pixel;
    }
  }
}
