import type { Initial } from "../spec/infer_network.ts";

/** Images of one shape, as bytes. */
export interface Images {
  /** Pixels, 0 to 255, shape `[rows, h, w, c]`. */
  readonly pixels: Uint8Array;
  /** How many images. */
  readonly rows: number;
}

/** What a whitening convolution is for. */
export interface WhiteningOptions {
  /** Shape of an image. */
  readonly shape: readonly [height: number, width: number, channels: number];
  /** Height and width of its filters. */
  readonly kernel: number;
  /** Its filters: an even number. */
  readonly filters: number;
  /** What pixels in `[0, 1]` go through before it. */
  readonly scaling: Extract<Initial, { name: "whitening" }>;
}

/** Images of which patches are taken, spread evenly over the set. */
const MOST_IMAGES = 5000;

/** Pixels from one patch to the next. */
const PATCH_STRIDE = 3;

/**
 * Added to the eigenvalues of patches of pixels in `[0, 1]`, as in Jordan 2024:
 * directions that images hardly use are not amplified without end.
 */
const RIDGE = 5e-4;

/**
 * Variance of the rounding of a pixel in `[0, 1]` to one of 256 values. A variance
 * that is not larger counts as none: images do not vary in that direction.
 */
const ROUNDING = 1 / (12 * 255 ** 2);

/**
 * Filters and biases that whiten patches of images (Jordan 2024,
 * arXiv:2404.00498, sec. 3.2): the first half are the eigenvectors of the largest
 * eigenvalues of the patches' covariance, each over the square root of eigenvalue
 * plus 5e-4, largest first; the second half are the same negated, so that nothing
 * is lost in the relu after it. Biases take the mean patch away. Float64, by
 * additions, products, quotients and square roots alone: the same on every
 * machine. The sign of an eigenvector makes its largest coordinate positive.
 *
 * Grey images in three channels vary in only a third of the directions. A filter
 * along any other would be rounding noise, which batch normalisation amplifies
 * until the running statistics no longer describe it. Such filters are replaced by
 * sums and differences of two whitened directions in which images vary, over the
 * square root of 2; if these are too few, directions are repeated.
 *
 * @returns Filters of shape `[kernel, kernel, c, filters]`, biases `[filters]`.
 */
export function whiteningFilters(
  images: Images,
  { shape, kernel, filters, scaling }: WhiteningOptions,
): { weight: Float32Array; bias: Float32Array } {
  const { mean, covariance } = patchMoments(images, shape, kernel);
  const size = mean.length;
  const half = filters / 2;
  const weight = new Float32Array(size * filters);
  const bias = new Float32Array(filters);
  whiteningDirections(covariance, half).forEach((direction, filter) => {
    const sign = direction[largestOf(direction)]! < 0 ? -1 : 1;
    let shift = 0;
    direction.forEach((coordinate, i) => {
      // Of pixels that have been scaled, the same projection.
      const value = sign * coordinate / scaling.factor;
      weight[i * filters + filter] = value;
      weight[i * filters + half + filter] = -value;
      shift -= value * (scaling.factor * mean[i]! + scaling.offset);
    });
    bias[filter] = shift;
    bias[half + filter] = -shift;
  });
  return { weight, bias };
}

/** `count` directions along which patches have variance 1, except for the ridge. */
function whiteningDirections(
  covariance: readonly Float64Array[],
  count: number,
): Float64Array[] {
  const { values, vectors } = eigen(covariance);
  const order = Array.from(values.keys())
    .sort((a, b) => values[b]! - values[a]! || a - b);
  const varied = order.filter((index) => values[index]! > ROUNDING);
  // If images do not vary at all, no direction is better than another.
  const used = varied.length === 0 ? order : varied;
  const whitened = used.slice(0, count).map((index) => {
    const gain = 1 / Math.sqrt(values[index]! + RIDGE);
    return vectors[index]!.map((coordinate) => gain * coordinate);
  });
  const mixed = whitened.flatMap((a, i) =>
    whitened.slice(i + 1).flatMap((b) =>
      [1, -1].map((sign) =>
        a.map((value, k) => (value + sign * b[k]!) / Math.SQRT2)
      )
    )
  );
  const all = [...whitened, ...mixed];
  return Array.from({ length: count }, (_, i) => all[i % all.length]!);
}

/** Mean and covariance of patches, pixels in `[0, 1]`, in the order of filters. */
function patchMoments(
  { pixels, rows }: Images,
  [height, width, channels]: WhiteningOptions["shape"],
  kernel: number,
): { mean: Float64Array; covariance: Float64Array[] } {
  const size = kernel * kernel * channels;
  const sum = new Float64Array(size);
  const products = Array.from({ length: size }, () => new Float64Array(size));
  const patch = new Float64Array(size);
  const every = Math.ceil(rows / MOST_IMAGES);
  let count = 0;
  for (let row = 0; row < rows; row += every) {
    for (let top = 0; top + kernel <= height; top += PATCH_STRIDE) {
      for (let left = 0; left + kernel <= width; left += PATCH_STRIDE) {
        for (let y = 0, i = 0; y < kernel; y++) {
          const from = ((row * height + top + y) * width + left) * channels;
          for (let x = 0; x < kernel * channels; x++) {
            patch[i++] = pixels[from + x]! / 255;
          }
        }
        for (let a = 0; a < size; a++) {
          const value = patch[a]!;
          const line = products[a]!;
          sum[a]! += value;
          for (let b = 0; b <= a; b++) line[b]! += value * patch[b]!;
        }
        count++;
      }
    }
  }
  const mean = sum.map((total) => total / count);
  products.forEach((line, a) => {
    for (let b = 0; b <= a; b++) {
      const value = line[b]! / count - mean[a]! * mean[b]!;
      line[b] = value;
      products[b]![a] = value;
    }
  });
  return { mean, covariance: products };
}

/** Most sweeps; a matrix of this size needs about ten. */
const MOST_SWEEPS = 100;

/**
 * Eigenvalues and unit eigenvectors of a symmetric matrix by Jacobi's cyclic
 * method (Golub and Van Loan 2013, sec. 8.5), in no particular order.
 */
export function eigen(
  matrix: readonly Float64Array[],
): { values: Float64Array; vectors: Float64Array[] } {
  const n = matrix.length;
  const a = matrix.map((line) => line.slice());
  const vectors = a.map((_, i) => {
    const line = new Float64Array(n);
    line[i] = 1;
    return line;
  });
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let rotations = 0;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const apq = a[p]![q]!;
        const [app, aqq] = [a[p]![p]!, a[q]![q]!];
        const scale = Math.abs(app) + Math.abs(aqq);
        if (scale + Math.abs(apq) === scale) continue;
        rotations++;
        const theta = (aqq - app) / (2 * apq);
        const t = (theta < 0 ? -1 : 1) /
          (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const cos = 1 / Math.sqrt(t * t + 1);
        rotate(a, vectors, { p, q, cos, sin: t * cos });
      }
    }
    if (rotations === 0) break;
  }
  return { values: Float64Array.from(a, (line, i) => line[i]!), vectors };
}

/** Turns axes p and q of a symmetric matrix; `vectors` are its rows. */
function rotate(
  a: Float64Array[],
  vectors: Float64Array[],
  { p, q, cos, sin }: { p: number; q: number; cos: number; sin: number },
): void {
  for (const line of a) {
    const [x, y] = [line[p]!, line[q]!];
    line[p] = cos * x - sin * y;
    line[q] = sin * x + cos * y;
  }
  for (const lines of [a, vectors]) {
    const [first, second] = [lines[p]!, lines[q]!];
    for (let i = 0; i < first.length; i++) {
      const [x, y] = [first[i]!, second[i]!];
      first[i] = cos * x - sin * y;
      second[i] = sin * x + cos * y;
    }
  }
}

function largestOf(vector: Float64Array): number {
  let best = 0;
  vector.forEach((value, i) => {
    if (Math.abs(value) > Math.abs(vector[best]!)) best = i;
  });
  return best;
}
