import { type WorkingImages, workingSide } from "./working_images.ts";
import type { Window } from "./window_features.ts";

/**
 * How the pixels of one image lie on those of another, mirrored first: a scale and
 * a shift in each direction. Column `x` of the still image, counted from its left
 * edge, is column `across.scale * x + across.shift` of the moved one.
 */
export interface Placement {
  readonly down: Line;
  readonly across: Line;
  readonly mirrored: boolean;
}

/** Scale and shift along one direction, in pixels of 32. */
export interface Line {
  readonly scale: number;
  readonly shift: number;
}

/** What two aligned images have in common. */
export interface Agreement {
  readonly placement: Placement;
  /** `pixelDifference` of the pixels that both cover, in `[0, 1]`. */
  readonly difference: number;
  /**
   * Correlation of their details, in `[-1, 1]`, each relative to the details about
   * it, so that one strong edge, such as a horizon, does not decide.
   */
  readonly details: number;
  /** Share of the still image that both cover. */
  readonly overlap: number;
  /** Contrast of the moved image relative to the still one, and the reverse. */
  readonly gain: { readonly moved: number; readonly still: number };
  /** Mean brightness of the moved image less that of the still one, in bytes. */
  readonly brighter: number;
}

/** Steps of the alignment, on half and on the whole resolution. */
const STEPS = { coarse: 5, fine: 4 };

/** Least correlation on half the resolution that is looked at more closely. */
const LEAST_COARSE = 0.8;

/** Scales that are taken, and the largest ratio of the two. */
const SCALES = { least: 0.5, most: 2, ratio: 1.45 };

/** A placement by which the base window of one image is a window of another. */
export function placementOf(
  moved: Window,
  still: Window,
  mirrored: boolean,
): Placement {
  const scale = moved.side / still.side;
  // Of the mirrored image, a window is as far from the other edge.
  const left = mirrored ? 1 - moved.left - moved.side : moved.left;
  const line = (from: number, to: number) => ({
    scale,
    shift: workingSide * (from - scale * to),
  });
  return {
    down: line(moved.top, still.top),
    across: line(left, still.left),
    mirrored,
  };
}

/** Aligns images by their pixels. */
export interface Aligner {
  /**
   * Improves a placement of one image on another until the pixels agree best: the
   * least squares of their grey values after a fit of gain and offset, by
   * Gauss-Newton steps (Lucas and Kanade 1981; Baker and Matthews 2004, "Lucas-Kanade
   * 20 Years On", sec. 3.2), first on half the resolution.
   *
   * @returns `undefined` where they do not resemble each other, or too little of
   * one lies on the other.
   */
  align(moved: number, still: number, start: Placement): Agreement | undefined;
}

/** Pixels that are smoothed, on both resolutions. */
interface Level {
  readonly side: number;
  readonly values: Float32Array;
}

/** Prepares the alignment of images. */
export function openAligner(images: WorkingImages): Aligner {
  const still = { row: -1, levels: [level(16), level(32)] };
  const moved = { row: -1, levels: [level(16), level(32)] };
  const plain = new Float32Array(workingSide ** 2);
  const warped = new Float32Array(workingSide ** 2);
  const covered = new Uint8Array(workingSide ** 2);
  const normal = new Float64Array(36);
  const right = new Float64Array(6);
  const row = new Float64Array(6);
  const measure = openMeasure(images);

  function prepare(
    image: { row: number; levels: Level[] },
    at: number,
    mirrored: boolean,
  ): void {
    const key = 2 * at + Number(mirrored);
    if (image.row === key) return;
    image.row = key;
    const size = workingSide ** 2;
    for (let i = 0; i < size; i++) {
      const x = i % workingSide;
      const from = mirrored ? i - x + workingSide - 1 - x : i;
      plain[i] = images.grey[at * size + from]!;
    }
    const [coarse, fine] = image.levels as [Level, Level];
    for (let y = 0; y < 16; y++) {
      for (let x = 0; x < 16; x++) {
        const i = 2 * y * workingSide + 2 * x;
        coarse.values[16 * y + x] =
          (plain[i]! + plain[i + 1]! + plain[i + workingSide]! +
            plain[i + workingSide + 1]!) / 4;
      }
    }
    smooth(plain, fine.values, workingSide);
  }

  return {
    align(movedRow, stillRow, start) {
      prepare(still, stillRow, false);
      prepare(moved, movedRow, start.mirrored);
      let { down, across } = start;
      for (const [at, steps] of [STEPS.coarse, STEPS.fine].entries()) {
        const unit = at === 0 ? 2 : 1;
        const from = moved.levels[at]!;
        const to = still.levels[at]!;
        const scaled = (line: Line, by: number) => ({
          scale: line.scale,
          shift: line.shift * by,
        });
        down = scaled(down, 1 / unit);
        across = scaled(across, 1 / unit);
        let correlation = 0;
        for (let i = 0; i <= steps; i++) {
          const found = step(from, to, { down, across }, i === steps);
          if (found === undefined) return undefined;
          correlation = found.correlation;
          ({ down, across } = found);
        }
        down = scaled(down, unit);
        across = scaled(across, unit);
        if (at === 0 && correlation < LEAST_COARSE) return undefined;
      }
      const ratio = down.scale / across.scale;
      if (
        Math.min(down.scale, across.scale) < SCALES.least ||
        Math.max(down.scale, across.scale) > SCALES.most ||
        Math.max(ratio, 1 / ratio) > SCALES.ratio
      ) return undefined;
      const placement = { down, across, mirrored: start.mirrored };
      return measure({
        moved: movedRow,
        still: stillRow,
        placement,
        smoothed: [moved.levels[1]!.values, still.levels[1]!.values],
      });
    },
  };

  /** One Gauss-Newton step; the last call only gives the correlation. */
  function step(
    { values, side }: Level,
    { values: target }: Level,
    { down, across }: Pick<Placement, "down" | "across">,
    isLast: boolean,
  ):
    | (Pick<Placement, "down" | "across"> & { correlation: number })
    | undefined {
    const count = warp(values, side, { down, across }, warped, covered);
    if (count < side * side / 4) return undefined;
    const { sumA, sumB, varianceA, varianceB, covariance } = jointMoments(
      warped,
      target,
      covered,
      side * side,
    );
    if (varianceA < count || varianceB < count) return undefined;
    const correlation = covariance / Math.sqrt(varianceA * varianceB);
    if (isLast) return { down, across, correlation };
    const gain = Math.min(5, Math.max(0.2, covariance / varianceA));
    const [meanA, meanB] = [sumA / count, sumB / count];
    normal.fill(0);
    right.fill(0);
    const half = side / 2;
    for (let y = 1; y < side - 1; y++) {
      for (let x = 1; x < side - 1; x++) {
        const i = y * side + x;
        if (
          !(covered[i] && covered[i - 1] && covered[i + 1] &&
            covered[i - side] && covered[i + side])
        ) continue;
        const value = warped[i]! - meanA;
        const alongX = gain * (warped[i + 1]! - warped[i - 1]!) / 2;
        const alongY = gain * (warped[i + side]! - warped[i - side]!) / 2;
        row[0] = alongX * (x + 0.5 - half) / half;
        row[1] = alongX;
        row[2] = alongY * (y + 0.5 - half) / half;
        row[3] = alongY;
        row[4] = value;
        row[5] = 1;
        const residual = target[i]! - meanB - gain * value;
        for (let j = 0; j < 6; j++) {
          const left = row[j]!;
          right[j]! += left * residual;
          for (let k = 0; k <= j; k++) normal[6 * j + k]! += left * row[k]!;
        }
      }
    }
    for (let j = 0; j < 6; j++) {
      for (let k = j + 1; k < 6; k++) normal[6 * j + k] = normal[6 * k + j]!;
      normal[7 * j] = normal[7 * j]! * 1.01 + 1e-3;
    }
    solve(normal, right);
    // The still image is moved, and then what was known is done.
    const move = ({ scale, shift }: Line, slope: number, by: number): Line => {
      const growth = clamp(slope / half, 0.1);
      const offset = clamp(by, side / 16) - growth * half;
      return {
        scale: scale * (1 + growth),
        shift: shift + scale * offset,
      };
    };
    return {
      across: move(across, right[0]!, right[1]!),
      down: move(down, right[2]!, right[3]!),
      correlation,
    };
  }
}

/** Least share of the still image that both must cover. */
const LEAST_OVERLAP = 0.45;

/** Deviation of details below which they are taken for noise, of 255. */
const NOISE = 4;

/** Weights of a Gaussian of deviation 1 pixel, in thousandths. */
const KERNEL = [399, 242, 54, 4];

/** What measures the agreement of aligned images. */
function openMeasure({ pixels, channels }: WorkingImages) {
  const side = workingSide;
  const size = side * side;
  const plane = new Float32Array(size);
  const covered = new Uint8Array(size);
  const out = new Float32Array(size);
  const scratch: Scratch = {
    values: new Float64Array(size),
    weights: new Float64Array(size),
    squares: new Float32Array(size),
    energy: new Float32Array(size),
  };
  const fine = [new Float32Array(size), new Float32Array(size)] as const;
  return (
    { moved, still, placement, smoothed }: {
      moved: number;
      still: number;
      placement: Placement;
      smoothed: readonly [Float32Array, Float32Array];
    },
  ): Agreement | undefined => {
    let [varianceA, varianceB, covariance, count, change] = [0, 0, 0, 0, 0];
    for (let channel = 0; channel < channels; channel++) {
      for (let i = 0; i < size; i++) {
        const x = i % side;
        const from = placement.mirrored ? i - x + side - 1 - x : i;
        plane[i] = pixels[(moved * size + from) * channels + channel]!;
      }
      count = warp(plane, side, placement, out, covered);
      if (count < LEAST_OVERLAP * size) return undefined;
      let [sumA, sumB, squareA, squareB, product] = [0, 0, 0, 0, 0];
      for (let i = 0; i < size; i++) {
        if (covered[i] === 0) continue;
        const a = out[i]!;
        const b = pixels[(still * size + i) * channels + channel]!;
        sumA += a;
        sumB += b;
        squareA += a * a;
        squareB += b * b;
        product += a * b;
      }
      varianceA += squareA - sumA * sumA / count;
      varianceB += squareB - sumB * sumB / count;
      covariance += product - sumA * sumB / count;
      change += (sumA - sumB) / count / channels;
    }
    const r = covariance / Math.sqrt(Math.max(1e-9, varianceA * varianceB));
    warp(smoothed[0], side, placement, out, covered);
    takeDetails(out, covered, fine[0], scratch);
    takeDetails(smoothed[1], covered, fine[1], scratch);
    return {
      placement,
      difference: r <= 0 ? 1 : Math.sqrt(Math.max(0, 1 - r * r)),
      details: correlate(fine[0], fine[1], covered),
      overlap: count / size,
      gain: {
        moved: covariance / Math.max(1e-9, varianceB),
        still: covariance / Math.max(1e-9, varianceA),
      },
      brighter: change,
    };
  };
}

/** Two arrays to compute in. */
interface Scratch {
  readonly values: Float64Array;
  readonly weights: Float64Array;
  readonly squares: Float32Array;
  readonly energy: Float32Array;
}

/**
 * What is left of the covered pixels without their surroundings, relative to the
 * deviation of this about each.
 */
function takeDetails(
  from: Float32Array,
  covered: Uint8Array,
  to: Float32Array,
  scratch: Scratch,
): void {
  const { squares, energy } = scratch;
  average(from, covered, to, scratch);
  for (let i = 0; i < to.length; i++) {
    if (covered[i] === 0) continue;
    to[i] = from[i]! - to[i]!;
    squares[i] = to[i]! ** 2;
  }
  average(squares, covered, energy, scratch);
  for (let i = 0; i < to.length; i++) {
    if (covered[i] === 0) continue;
    to[i] = to[i]! / (Math.sqrt(energy[i]!) + NOISE);
  }
}

/** The mean of the covered pixels about each, weighted by `KERNEL`. */
function average(
  from: Float32Array,
  covered: Uint8Array,
  to: Float32Array,
  { values, weights }: Scratch,
): void {
  const side = workingSide;
  const reach = KERNEL.length - 1;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const first = Math.max(-reach, -x);
      const last = Math.min(reach, side - 1 - x);
      let [sum, weight] = [0, 0];
      for (let k = first; k <= last; k++) {
        const i = y * side + x + k;
        if (covered[i] === 0) continue;
        const part = KERNEL[Math.abs(k)]!;
        sum += part * from[i]!;
        weight += part;
      }
      values[y * side + x] = sum;
      weights[y * side + x] = weight;
    }
  }
  for (let y = 0; y < side; y++) {
    const first = Math.max(-reach, -y);
    const last = Math.min(reach, side - 1 - y);
    for (let x = 0; x < side; x++) {
      const i = y * side + x;
      if (covered[i] === 0) continue;
      let [sum, weight] = [0, 0];
      for (let k = first; k <= last; k++) {
        const part = KERNEL[Math.abs(k)]!;
        sum += part * values[i + k * side]!;
        weight += part * weights[i + k * side]!;
      }
      to[i] = sum / weight;
    }
  }
}

function correlate(
  a: Float32Array,
  b: Float32Array,
  covered: Uint8Array,
): number {
  const { varianceA, varianceB, covariance } = jointMoments(
    a,
    b,
    covered,
    covered.length,
  );
  return covariance / Math.sqrt(Math.max(1e-9, varianceA * varianceB));
}

/** Sums of two images over the first pixels, those that are covered. */
function jointMoments(
  a: Float32Array,
  b: Float32Array,
  covered: Uint8Array,
  length: number,
) {
  let [count, sumA, sumB, squareA, squareB, product] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < length; i++) {
    if (covered[i] === 0) continue;
    const [p, q] = [a[i]!, b[i]!];
    count++;
    sumA += p;
    sumB += q;
    squareA += p * p;
    squareB += q * q;
    product += p * q;
  }
  return {
    sumA,
    sumB,
    varianceA: squareA - sumA * sumA / count,
    varianceB: squareB - sumB * sumB / count,
    covariance: product - sumA * sumB / count,
  };
}

/**
 * Samples an image at the pixels of another, bilinearly.
 *
 * @returns How many of these it covers.
 */
function warp(
  values: Float32Array,
  side: number,
  { down, across }: Pick<Placement, "down" | "across">,
  to: Float32Array,
  covered: Uint8Array,
): number {
  let count = 0;
  const last = side - 1;
  for (let y = 0; y < side; y++) {
    const fromY = down.scale * (y + 0.5) + down.shift - 0.5;
    const isInside = fromY >= 0 && fromY <= last;
    const top = isInside ? Math.min(last - 1, Math.floor(fromY)) : 0;
    const v = fromY - top;
    for (let x = 0; x < side; x++) {
      const i = y * side + x;
      const fromX = across.scale * (x + 0.5) + across.shift - 0.5;
      if (!isInside || !(fromX >= 0 && fromX <= last)) {
        covered[i] = 0;
        continue;
      }
      const left = Math.min(last - 1, Math.floor(fromX));
      const u = fromX - left;
      const at = top * side + left;
      const above = values[at]! + u * (values[at + 1]! - values[at]!);
      const below = values[at + side]! +
        u * (values[at + side + 1]! - values[at + side]!);
      to[i] = above + v * (below - above);
      covered[i] = 1;
      count++;
    }
  }
  return count;
}

/** Smooths by [1 2 1] / 4 in both directions; the border is repeated. */
function smooth(from: Float32Array, to: Float32Array, side: number): void {
  const at = (x: number) => Math.min(side - 1, Math.max(0, x));
  for (let y = 0; y < side; y++) {
    const [above, below] = [at(y - 1) * side, at(y + 1) * side];
    const here = y * side;
    for (let x = 0; x < side; x++) {
      const [left, next] = [at(x - 1), at(x + 1)];
      to[here + x] = (from[above + left]! + 2 * from[above + x]! +
        from[above + next]! + 2 * from[here + left]! + 4 * from[here + x]! +
        2 * from[here + next]! + from[below + left]! + 2 * from[below + x]! +
        from[below + next]!) / 16;
    }
  }
}

/** Solves six equations in place, by Gaussian elimination; the matrix is positive. */
function solve(matrix: Float64Array, right: Float64Array): void {
  for (let k = 0; k < 6; k++) {
    for (let i = k + 1; i < 6; i++) {
      const factor = matrix[6 * i + k]! / matrix[7 * k]!;
      for (let j = k; j < 6; j++) {
        matrix[6 * i + j]! -= factor * matrix[6 * k + j]!;
      }
      right[i]! -= factor * right[k]!;
    }
  }
  for (let k = 5; k >= 0; k--) {
    let sum = right[k]!;
    for (let j = k + 1; j < 6; j++) sum -= matrix[6 * k + j]! * right[j]!;
    right[k] = sum / matrix[7 * k]!;
  }
}

function clamp(value: number, most: number): number {
  return Math.min(most, Math.max(-most, value));
}

function level(side: number): Level {
  return { side, values: new Float32Array(side * side) };
}
