// Pooling. A NaN in a window is ignored, as on TensorFlow.js's cpu backend: pmax(a, b)
// is b only if a < b. The pooling of a fused block keeps NaN (`pool_winners.ts`),
// so that a training run that has diverged shows it.
import { Geometry, inBytes } from "./geometry";
import { readLanes, writeLanes } from "./lanes";

/** First step of a window that is inside: begin + step * dilation >= 0. */
// @ts-ignore: decorator
@inline
export function firstInside(begin: i32, dilation: i32): i32 {
  return begin >= 0 ? 0 : (dilation - 1 - begin) / dilation;
}

/** Steps of a window before the end: begin + step * dilation < size. */
// @ts-ignore: decorator
@inline
export function endInside(begin: i32, dilation: i32, steps: i32, size: i32): i32 {
  return begin >= size ? 0 : min(steps, (size - begin + dilation - 1) / dilation);
}

// @ts-ignore: decorator
@inline
function addLanes(at: usize, share: v128, wide: bool): void {
  if (wide) v128.store(at, f32x4.add(v128.load(at), share));
  else store<f32>(at, load<f32>(at) + f32x4.extract_lane(share, 0));
}

// @ts-ignore: decorator
@inline
function largestLanes(
  corner: usize,
  right: usize,
  down: usize,
  height: i32,
  width: i32,
  wide: bool,
): v128 {
  let best = f32x4.splat(-Infinity);
  for (let ky = 0; ky < height; ky++) {
    let from = corner;
    for (let kx = 0; kx < width; kx++) {
      best = f32x4.pmax(best, readLanes(from, wide));
      from += right;
    }
    corner += down;
  }
  return best;
}

/** The maximum of each window; -Infinity where a window holds no pixel. */
export function maxPool(g: Geometry, x: usize, out: usize): void {
  const batch = g.batchSize, height = g.inHeight, width = g.inWidth, channels = g.inChannels;
  const outHeight = g.outHeight, outWidth = g.outWidth;
  const windowHeight = g.filterHeight, windowWidth = g.filterWidth;
  const strideY = g.strideHeight, strideX = g.strideWidth;
  const dilationY = g.dilationHeight, dilationX = g.dilationWidth;
  const top = g.padTop, left = g.padLeft;
  const pixel = <usize>channels << 2;
  const vectors = channels & ~3;
  const right = <usize>dilationX * pixel;
  const down = <usize>(dilationY * width) * pixel;
  const imageBytes = inBytes(g);
  for (let image = 0; image < batch; image++) {
    for (let oy = 0; oy < outHeight; oy++) {
      const y0 = oy * strideY - top;
      const ky0 = firstInside(y0, dilationY);
      const ky1 = endInside(y0, dilationY, windowHeight, height);
      for (let ox = 0; ox < outWidth; ox++) {
        const x0 = ox * strideX - left;
        const kx0 = firstInside(x0, dilationX);
        const kx1 = endInside(x0, dilationX, windowWidth, width);
        let corner = x + <usize>((y0 + ky0 * dilationY) * width + x0 + kx0 * dilationX) * pixel;
        let c = 0;
        if (ky1 - ky0 == 2 && kx1 - kx0 == 2) {
          for (; c < vectors; c += 4) {
            const below = corner + down;
            const upper = f32x4.pmax(f32x4.pmax(f32x4.splat(-Infinity), v128.load(corner)), v128.load(corner + right));
            const lower = f32x4.pmax(f32x4.pmax(upper, v128.load(below)), v128.load(below + right));
            v128.store(out, lower);
            corner += 16;
            out += 16;
          }
        }
        if (ky1 - ky0 == 3 && kx1 - kx0 == 3) {
          const far = right << 1;
          for (; c < vectors; c += 4) {
            const middle = corner + down, below = middle + down;
            let best = f32x4.pmax(f32x4.splat(-Infinity), v128.load(corner));
            best = f32x4.pmax(best, v128.load(corner + right));
            best = f32x4.pmax(best, v128.load(corner + far));
            best = f32x4.pmax(best, v128.load(middle));
            best = f32x4.pmax(best, v128.load(middle + right));
            best = f32x4.pmax(best, v128.load(middle + far));
            best = f32x4.pmax(best, v128.load(below));
            best = f32x4.pmax(best, v128.load(below + right));
            best = f32x4.pmax(best, v128.load(below + far));
            v128.store(out, best);
            corner += 16;
            out += 16;
          }
        }
        for (; c < vectors; c += 4) {
          v128.store(out, largestLanes(corner, right, down, ky1 - ky0, kx1 - kx0, true));
          corner += 16;
          out += 16;
        }
        for (; c < channels; c++) {
          const best = largestLanes(corner, right, down, ky1 - ky0, kx1 - kx0, false);
          store<f32>(out, f32x4.extract_lane(best, 0));
          corner += 4;
          out += 4;
        }
      }
    }
    x += imageBytes;
  }
}

/**
 * The gradient of max pooling. Each window's goes to its first maximum in
 * reading order; in a window of nothing but -Infinity to its first pixel; NaNs
 * get none.
 */
export function maxPoolGrad(g: Geometry, dy: usize, x: usize, dx: usize): void {
  const batch = g.batchSize, height = g.inHeight, width = g.inWidth, channels = g.inChannels;
  const outHeight = g.outHeight, outWidth = g.outWidth;
  const windowHeight = g.filterHeight, windowWidth = g.filterWidth;
  const strideY = g.strideHeight, strideX = g.strideWidth;
  const dilationY = g.dilationHeight, dilationX = g.dilationWidth;
  const top = g.padTop, left = g.padLeft;
  const pixel = <usize>channels << 2;
  const vectors = channels & ~3;
  const right = <usize>dilationX * pixel;
  const down = <usize>(dilationY * width) * pixel;
  const imageBytes = inBytes(g);
  memory.fill(dx, 0, <usize>batch * imageBytes);
  for (let image = 0; image < batch; image++) {
    for (let oy = 0; oy < outHeight; oy++) {
      const y0 = oy * strideY - top;
      const ky0 = firstInside(y0, dilationY);
      const ky1 = endInside(y0, dilationY, windowHeight, height);
      for (let ox = 0; ox < outWidth; ox++) {
        const x0 = ox * strideX - left;
        const kx0 = firstInside(x0, dilationX);
        const kx1 = endInside(x0, dilationX, windowWidth, width);
        const corner = <usize>((y0 + ky0 * dilationY) * width + x0 + kx0 * dilationX) * pixel;
        let from = x + corner;
        let to = dx + corner;
        for (let c = 0; c < channels; c += c < vectors ? 4 : 1) {
          const wide = c < vectors;
          // The maximum; then all lanes still look for the first pixel that has
          // it, and stop looking once they found one.
          let most = f32x4.splat(-Infinity);
          for (let ky = ky0; ky < ky1; ky++) {
            let at = from + <usize>(ky - ky0) * down;
            for (let kx = kx0; kx < kx1; kx++) {
              most = f32x4.pmax(most, readLanes(at, wide));
              at += right;
            }
          }
          let share = readLanes(dy, wide);
          let looking = i32x4.splat(-1);
          for (let ky = ky0; ky < ky1; ky++) {
            const row = <usize>(ky - ky0) * down;
            let at = from + row;
            let target = to + row;
            for (let kx = kx0; kx < kx1; kx++) {
              const value = readLanes(at, wide);
              const has = f32x4.eq(value, most);
              addLanes(target, v128.and(share, v128.and(looking, has)), wide);
              looking = v128.andnot(looking, has);
              at += right;
              target += right;
            }
          }
          const step: usize = wide ? 16 : 4;
          dy += step;
          from += step;
          to += step;
        }
      }
    }
    x += imageBytes;
    dx += imageBytes;
  }
}

// @ts-ignore: decorator
@inline
function averageLanes(
  corner: usize,
  right: usize,
  down: usize,
  height: i32,
  width: i32,
  count: v128,
  out: usize,
  wide: bool,
): void {
  let sum = f32x4.splat(0);
  for (let ky = 0; ky < height; ky++) {
    let from = corner;
    for (let kx = 0; kx < width; kx++) {
      sum = f32x4.add(sum, readLanes(from, wide));
      from += right;
    }
    corner += down;
  }
  writeLanes(out, f32x4.div(sum, count), wide);
}

/** The sum of each window over its pixels inside the image, divided by their count. */
export function avgPool(g: Geometry, x: usize, out: usize): void {
  const batch = g.batchSize, height = g.inHeight, width = g.inWidth, channels = g.inChannels;
  const outHeight = g.outHeight, outWidth = g.outWidth;
  const windowHeight = g.filterHeight, windowWidth = g.filterWidth;
  const strideY = g.strideHeight, strideX = g.strideWidth;
  const dilationY = g.dilationHeight, dilationX = g.dilationWidth;
  const top = g.padTop, left = g.padLeft;
  const pixel = <usize>channels << 2;
  const vectors = channels & ~3;
  const right = <usize>dilationX * pixel;
  const down = <usize>(dilationY * width) * pixel;
  const imageBytes = inBytes(g);
  for (let image = 0; image < batch; image++) {
    for (let oy = 0; oy < outHeight; oy++) {
      const y0 = oy * strideY - top;
      const ky0 = firstInside(y0, dilationY);
      const ky1 = endInside(y0, dilationY, windowHeight, height);
      for (let ox = 0; ox < outWidth; ox++) {
        const x0 = ox * strideX - left;
        const kx0 = firstInside(x0, dilationX);
        const kx1 = endInside(x0, dilationX, windowWidth, width);
        const count = f32x4.splat(<f32>((ky1 - ky0) * (kx1 - kx0)));
        let corner = x + <usize>((y0 + ky0 * dilationY) * width + x0 + kx0 * dilationX) * pixel;
        let c = 0;
        if (ky1 - ky0 == 3 && kx1 - kx0 == 3) {
          const far = right << 1;
          for (; c < vectors; c += 4) {
            const middle = corner + down, below = middle + down;
            let sum = f32x4.add(f32x4.splat(0), v128.load(corner));
            sum = f32x4.add(sum, v128.load(corner + right));
            sum = f32x4.add(sum, v128.load(corner + far));
            sum = f32x4.add(sum, v128.load(middle));
            sum = f32x4.add(sum, v128.load(middle + right));
            sum = f32x4.add(sum, v128.load(middle + far));
            sum = f32x4.add(sum, v128.load(below));
            sum = f32x4.add(sum, v128.load(below + right));
            sum = f32x4.add(sum, v128.load(below + far));
            v128.store(out, f32x4.div(sum, count));
            corner += 16;
            out += 16;
          }
        } else if (kx1 - kx0 == 2) {
          for (; c < vectors; c += 4) {
            let sum = f32x4.splat(0);
            let row = corner;
            for (let ky = ky0; ky < ky1; ky++) {
              sum = f32x4.add(f32x4.add(sum, v128.load(row)), v128.load(row + right));
              row += down;
            }
            v128.store(out, f32x4.div(sum, count));
            corner += 16;
            out += 16;
          }
        }
        for (; c < vectors; c += 4) {
          averageLanes(corner, right, down, ky1 - ky0, kx1 - kx0, count, out, true);
          corner += 16;
          out += 16;
        }
        for (; c < channels; c++) {
          averageLanes(corner, right, down, ky1 - ky0, kx1 - kx0, count, out, false);
          corner += 4;
          out += 4;
        }
      }
    }
    x += imageBytes;
  }
}

/**
 * The gradient of average pooling: each pixel of a window gets an equal part,
 * one over the size of the whole window.
 */
export function avgPoolGrad(g: Geometry, dy: usize, dx: usize): void {
  const batch = g.batchSize, height = g.inHeight, width = g.inWidth, channels = g.inChannels;
  const outHeight = g.outHeight, outWidth = g.outWidth;
  const windowHeight = g.filterHeight, windowWidth = g.filterWidth;
  const strideY = g.strideHeight, strideX = g.strideWidth;
  const dilationY = g.dilationHeight, dilationX = g.dilationWidth;
  const top = g.padTop, left = g.padLeft;
  const pixel = <usize>channels << 2;
  const vectors = channels & ~3;
  const right = <usize>dilationX * pixel;
  const down = <usize>(dilationY * width) * pixel;
  const scale = 1 / <f64>(windowHeight * windowWidth);
  const factor = f32x4.splat(<f32>scale);
  const imageBytes = inBytes(g);
  memory.fill(dx, 0, <usize>batch * imageBytes);
  for (let image = 0; image < batch; image++) {
    for (let oy = 0; oy < outHeight; oy++) {
      const y0 = oy * strideY - top;
      const ky0 = firstInside(y0, dilationY);
      const ky1 = endInside(y0, dilationY, windowHeight, height);
      for (let ox = 0; ox < outWidth; ox++) {
        const x0 = ox * strideX - left;
        const kx0 = firstInside(x0, dilationX);
        const kx1 = endInside(x0, dilationX, windowWidth, width);
        let to = dx + <usize>((y0 + ky0 * dilationY) * width + x0 + kx0 * dilationX) * pixel;
        for (let c = 0; c < channels; c += c < vectors ? 4 : 1) {
          const wide = c < vectors;
          const share = f32x4.mul(readLanes(dy, wide), factor);
          for (let ky = ky0; ky < ky1; ky++) {
            let target = to + <usize>(ky - ky0) * down;
            for (let kx = kx0; kx < kx1; kx++) {
              addLanes(target, share, wide);
              target += right;
            }
          }
          const step: usize = wide ? 16 : 4;
          dy += step;
          to += step;
        }
      }
    }
    dx += imageBytes;
  }
}
