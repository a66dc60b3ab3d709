// The inner loops of every product. Each computes a tile of 4 rows by 8 columns:
// eight sums stay in registers, and each step of the summed index costs four
// broadcasts, two loads, eight multiplies and eight adds. A sum starts at zero
// and adds its terms in order, so its bits depend on the shapes alone. Fused
// multiply-add (relaxed SIMD) is never used: whether it rounds once or twice
// depends on the machine.

/**
 * c[4, 8] = or += a[4, depth] b[depth, 8] of packed panels: `a` holds its four
 * rows interleaved, `b` its eight columns.
 *
 * @param rowBytes Distance between rows of `c`.
 */
// @ts-ignore: decorator
@inline
export function microPanels(
  a: usize,
  b: usize,
  depth: i32,
  c: usize,
  rowBytes: usize,
  add: bool,
): void {
  let c00 = f32x4.splat(0), c01 = c00;
  let c10 = c00, c11 = c00;
  let c20 = c00, c21 = c00;
  let c30 = c00, c31 = c00;
  let b0: v128, b1: v128, t: v128;
  for (let pairs = depth >> 1; pairs > 0; pairs--) {
    b0 = v128.load(b);
    b1 = v128.load(b, 16);
    t = v128.load32_splat(a);
    c00 = f32x4.add(c00, f32x4.mul(t, b0));
    c01 = f32x4.add(c01, f32x4.mul(t, b1));
    t = v128.load32_splat(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(t, b0));
    c11 = f32x4.add(c11, f32x4.mul(t, b1));
    t = v128.load32_splat(a, 8);
    c20 = f32x4.add(c20, f32x4.mul(t, b0));
    c21 = f32x4.add(c21, f32x4.mul(t, b1));
    t = v128.load32_splat(a, 12);
    c30 = f32x4.add(c30, f32x4.mul(t, b0));
    c31 = f32x4.add(c31, f32x4.mul(t, b1));
    // Moved here too, so that there are few distances: V8 keeps a bound for each.
    a += 16;
    b += 32;
    b0 = v128.load(b);
    b1 = v128.load(b, 16);
    t = v128.load32_splat(a);
    c00 = f32x4.add(c00, f32x4.mul(t, b0));
    c01 = f32x4.add(c01, f32x4.mul(t, b1));
    t = v128.load32_splat(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(t, b0));
    c11 = f32x4.add(c11, f32x4.mul(t, b1));
    t = v128.load32_splat(a, 8);
    c20 = f32x4.add(c20, f32x4.mul(t, b0));
    c21 = f32x4.add(c21, f32x4.mul(t, b1));
    t = v128.load32_splat(a, 12);
    c30 = f32x4.add(c30, f32x4.mul(t, b0));
    c31 = f32x4.add(c31, f32x4.mul(t, b1));
    a += 16;
    b += 32;
  }
  if (depth & 1) {
    b0 = v128.load(b);
    b1 = v128.load(b, 16);
    t = v128.load32_splat(a);
    c00 = f32x4.add(c00, f32x4.mul(t, b0));
    c01 = f32x4.add(c01, f32x4.mul(t, b1));
    t = v128.load32_splat(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(t, b0));
    c11 = f32x4.add(c11, f32x4.mul(t, b1));
    t = v128.load32_splat(a, 8);
    c20 = f32x4.add(c20, f32x4.mul(t, b0));
    c21 = f32x4.add(c21, f32x4.mul(t, b1));
    t = v128.load32_splat(a, 12);
    c30 = f32x4.add(c30, f32x4.mul(t, b0));
    c31 = f32x4.add(c31, f32x4.mul(t, b1));
  }
  if (add) {
    c00 = f32x4.add(v128.load(c), c00);
    c01 = f32x4.add(v128.load(c, 16), c01);
    c10 = f32x4.add(v128.load(c + rowBytes), c10);
    c11 = f32x4.add(v128.load(c + rowBytes, 16), c11);
    c20 = f32x4.add(v128.load(c + 2 * rowBytes), c20);
    c21 = f32x4.add(v128.load(c + 2 * rowBytes, 16), c21);
    c30 = f32x4.add(v128.load(c + 3 * rowBytes), c30);
    c31 = f32x4.add(v128.load(c + 3 * rowBytes, 16), c31);
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  v128.store(c + rowBytes, c10);
  v128.store(c + rowBytes, c11, 16);
  v128.store(c + 2 * rowBytes, c20);
  v128.store(c + 2 * rowBytes, c21, 16);
  v128.store(c + 3 * rowBytes, c30);
  v128.store(c + 3 * rowBytes, c31, 16);
}

/**
 * c[4, 8] = a[4, depth] b[depth, 8] of four rows of `a`, each of consecutive
 * floats. Two entries of a row are one access.
 *
 * @param step Distance between rows of `a`, in bytes.
 */
// @ts-ignore: decorator
@inline
export function microRows(a: usize, step: usize, depth: i32, b: usize, c: usize, rowBytes: usize): void {
  let a0 = a, a1 = a0 + step, a2 = a1 + step, a3 = a2 + step;
  let c00 = f32x4.splat(0), c01 = c00;
  let c10 = c00, c11 = c00;
  let c20 = c00, c21 = c00;
  let c30 = c00, c31 = c00;
  let b0: v128, b1: v128, d0: v128, d1: v128, pair: v128, t: v128;
  for (let pairs = depth >> 1; pairs > 0; pairs--) {
    b0 = v128.load(b);
    b1 = v128.load(b, 16);
    b += 32;
    d0 = v128.load(b);
    d1 = v128.load(b, 16);
    b += 32;
    pair = v128.load64_zero(a0);
    t = v128.shuffle<f32>(pair, pair, 0, 0, 0, 0);
    c00 = f32x4.add(c00, f32x4.mul(t, b0));
    c01 = f32x4.add(c01, f32x4.mul(t, b1));
    t = v128.shuffle<f32>(pair, pair, 1, 1, 1, 1);
    c00 = f32x4.add(c00, f32x4.mul(t, d0));
    c01 = f32x4.add(c01, f32x4.mul(t, d1));
    a0 += 8;
    pair = v128.load64_zero(a1);
    t = v128.shuffle<f32>(pair, pair, 0, 0, 0, 0);
    c10 = f32x4.add(c10, f32x4.mul(t, b0));
    c11 = f32x4.add(c11, f32x4.mul(t, b1));
    t = v128.shuffle<f32>(pair, pair, 1, 1, 1, 1);
    c10 = f32x4.add(c10, f32x4.mul(t, d0));
    c11 = f32x4.add(c11, f32x4.mul(t, d1));
    a1 += 8;
    pair = v128.load64_zero(a2);
    t = v128.shuffle<f32>(pair, pair, 0, 0, 0, 0);
    c20 = f32x4.add(c20, f32x4.mul(t, b0));
    c21 = f32x4.add(c21, f32x4.mul(t, b1));
    t = v128.shuffle<f32>(pair, pair, 1, 1, 1, 1);
    c20 = f32x4.add(c20, f32x4.mul(t, d0));
    c21 = f32x4.add(c21, f32x4.mul(t, d1));
    a2 += 8;
    pair = v128.load64_zero(a3);
    t = v128.shuffle<f32>(pair, pair, 0, 0, 0, 0);
    c30 = f32x4.add(c30, f32x4.mul(t, b0));
    c31 = f32x4.add(c31, f32x4.mul(t, b1));
    t = v128.shuffle<f32>(pair, pair, 1, 1, 1, 1);
    c30 = f32x4.add(c30, f32x4.mul(t, d0));
    c31 = f32x4.add(c31, f32x4.mul(t, d1));
    a3 += 8;
  }
  if (depth & 1) {
    b0 = v128.load(b);
    b1 = v128.load(b, 16);
    t = v128.load32_splat(a0);
    c00 = f32x4.add(c00, f32x4.mul(t, b0));
    c01 = f32x4.add(c01, f32x4.mul(t, b1));
    t = v128.load32_splat(a1);
    c10 = f32x4.add(c10, f32x4.mul(t, b0));
    c11 = f32x4.add(c11, f32x4.mul(t, b1));
    t = v128.load32_splat(a2);
    c20 = f32x4.add(c20, f32x4.mul(t, b0));
    c21 = f32x4.add(c21, f32x4.mul(t, b1));
    t = v128.load32_splat(a3);
    c30 = f32x4.add(c30, f32x4.mul(t, b0));
    c31 = f32x4.add(c31, f32x4.mul(t, b1));
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  c += rowBytes;
  v128.store(c, c10);
  v128.store(c, c11, 16);
  c += rowBytes;
  v128.store(c, c20);
  v128.store(c, c21, 16);
  c += rowBytes;
  v128.store(c, c30);
  v128.store(c, c31, 16);
}

/**
 * c[4, 8] = a[4, runs x run] b[.., 8], where each row of `a` is a sum of runs
 * of consecutive floats at the same byte `offsets` from four places: the window
 * of a convolution, read in place.
 *
 * @param offsets Bytes from each place to each run, `runs` integers.
 */
// @ts-ignore: decorator
@inline
export function microRuns(
  p0: usize,
  p1: usize,
  p2: usize,
  p3: usize,
  offsets: usize,
  runs: i32,
  run: i32,
  b: usize,
  c: usize,
  rowBytes: usize,
): void {
  let c00 = f32x4.splat(0), c01 = c00;
  let c10 = c00, c11 = c00;
  let c20 = c00, c21 = c00;
  let c30 = c00, c31 = c00;
  let b0: v128, b1: v128, t: v128;
  for (; runs > 0; runs--) {
    const offset = <usize>load<u32>(offsets);
    offsets += 4;
    let a0 = p0 + offset, a1 = p1 + offset, a2 = p2 + offset, a3 = p3 + offset;
    for (let pairs = run >> 1; pairs > 0; pairs--) {
      b0 = v128.load(b);
      b1 = v128.load(b, 16);
      t = v128.load32_splat(a0);
      c00 = f32x4.add(c00, f32x4.mul(t, b0));
      c01 = f32x4.add(c01, f32x4.mul(t, b1));
      t = v128.load32_splat(a1);
      c10 = f32x4.add(c10, f32x4.mul(t, b0));
      c11 = f32x4.add(c11, f32x4.mul(t, b1));
      t = v128.load32_splat(a2);
      c20 = f32x4.add(c20, f32x4.mul(t, b0));
      c21 = f32x4.add(c21, f32x4.mul(t, b1));
      t = v128.load32_splat(a3);
      c30 = f32x4.add(c30, f32x4.mul(t, b0));
      c31 = f32x4.add(c31, f32x4.mul(t, b1));
      b0 = v128.load(b, 32);
      b1 = v128.load(b, 48);
      t = v128.load32_splat(a0, 4);
      c00 = f32x4.add(c00, f32x4.mul(t, b0));
      c01 = f32x4.add(c01, f32x4.mul(t, b1));
      t = v128.load32_splat(a1, 4);
      c10 = f32x4.add(c10, f32x4.mul(t, b0));
      c11 = f32x4.add(c11, f32x4.mul(t, b1));
      t = v128.load32_splat(a2, 4);
      c20 = f32x4.add(c20, f32x4.mul(t, b0));
      c21 = f32x4.add(c21, f32x4.mul(t, b1));
      t = v128.load32_splat(a3, 4);
      c30 = f32x4.add(c30, f32x4.mul(t, b0));
      c31 = f32x4.add(c31, f32x4.mul(t, b1));
      a0 += 8;
      a1 += 8;
      a2 += 8;
      a3 += 8;
      b += 64;
    }
    if (run & 1) {
      b0 = v128.load(b);
      b1 = v128.load(b, 16);
      t = v128.load32_splat(a0);
      c00 = f32x4.add(c00, f32x4.mul(t, b0));
      c01 = f32x4.add(c01, f32x4.mul(t, b1));
      t = v128.load32_splat(a1);
      c10 = f32x4.add(c10, f32x4.mul(t, b0));
      c11 = f32x4.add(c11, f32x4.mul(t, b1));
      t = v128.load32_splat(a2);
      c20 = f32x4.add(c20, f32x4.mul(t, b0));
      c21 = f32x4.add(c21, f32x4.mul(t, b1));
      t = v128.load32_splat(a3);
      c30 = f32x4.add(c30, f32x4.mul(t, b0));
      c31 = f32x4.add(c31, f32x4.mul(t, b1));
      b += 32;
    }
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  v128.store(c + rowBytes, c10);
  v128.store(c + rowBytes, c11, 16);
  v128.store(c + 2 * rowBytes, c20);
  v128.store(c + 2 * rowBytes, c21, 16);
  v128.store(c + 3 * rowBytes, c30);
  v128.store(c + 3 * rowBytes, c31, 16);
}

/**
 * c[8, 4] as `microRuns` makes it, for few columns: eight places `step` bytes
 * apart, `b` in panels of 4, rows of `c` 32 bytes apart.
 */
// @ts-ignore: decorator
@inline
export function microRunsNarrow(
  place: usize,
  step: usize,
  offsets: usize,
  runs: i32,
  run: i32,
  b: usize,
  c: usize,
): void {
  let c0 = f32x4.splat(0), c1 = c0, c2 = c0, c3 = c0;
  let c4 = c0, c5 = c0, c6 = c0, c7 = c0;
  for (; runs > 0; runs--) {
    let a0 = place + <usize>load<u32>(offsets);
    let a1 = a0 + step, a2 = a1 + step, a3 = a2 + step;
    let a4 = a3 + step, a5 = a4 + step, a6 = a5 + step, a7 = a6 + step;
    let b0: v128, b1: v128, b2: v128, b3: v128, q: v128;
    offsets += 4;
    for (let quads = run >> 2; quads > 0; quads--) {
      b0 = v128.load(b);
      b1 = v128.load(b, 16);
      b2 = v128.load(b, 32);
      b3 = v128.load(b, 48);
      q = v128.load(a0);
      c0 = f32x4.add(c0, f32x4.mul(v128.shuffle<f32>(q, q, 0, 0, 0, 0), b0));
      c0 = f32x4.add(c0, f32x4.mul(v128.shuffle<f32>(q, q, 1, 1, 1, 1), b1));
      c0 = f32x4.add(c0, f32x4.mul(v128.shuffle<f32>(q, q, 2, 2, 2, 2), b2));
      c0 = f32x4.add(c0, f32x4.mul(v128.shuffle<f32>(q, q, 3, 3, 3, 3), b3));
      a0 += 16;
      q = v128.load(a1);
      c1 = f32x4.add(c1, f32x4.mul(v128.shuffle<f32>(q, q, 0, 0, 0, 0), b0));
      c1 = f32x4.add(c1, f32x4.mul(v128.shuffle<f32>(q, q, 1, 1, 1, 1), b1));
      c1 = f32x4.add(c1, f32x4.mul(v128.shuffle<f32>(q, q, 2, 2, 2, 2), b2));
      c1 = f32x4.add(c1, f32x4.mul(v128.shuffle<f32>(q, q, 3, 3, 3, 3), b3));
      a1 += 16;
      q = v128.load(a2);
      c2 = f32x4.add(c2, f32x4.mul(v128.shuffle<f32>(q, q, 0, 0, 0, 0), b0));
      c2 = f32x4.add(c2, f32x4.mul(v128.shuffle<f32>(q, q, 1, 1, 1, 1), b1));
      c2 = f32x4.add(c2, f32x4.mul(v128.shuffle<f32>(q, q, 2, 2, 2, 2), b2));
      c2 = f32x4.add(c2, f32x4.mul(v128.shuffle<f32>(q, q, 3, 3, 3, 3), b3));
      a2 += 16;
      q = v128.load(a3);
      c3 = f32x4.add(c3, f32x4.mul(v128.shuffle<f32>(q, q, 0, 0, 0, 0), b0));
      c3 = f32x4.add(c3, f32x4.mul(v128.shuffle<f32>(q, q, 1, 1, 1, 1), b1));
      c3 = f32x4.add(c3, f32x4.mul(v128.shuffle<f32>(q, q, 2, 2, 2, 2), b2));
      c3 = f32x4.add(c3, f32x4.mul(v128.shuffle<f32>(q, q, 3, 3, 3, 3), b3));
      a3 += 16;
      q = v128.load(a4);
      c4 = f32x4.add(c4, f32x4.mul(v128.shuffle<f32>(q, q, 0, 0, 0, 0), b0));
      c4 = f32x4.add(c4, f32x4.mul(v128.shuffle<f32>(q, q, 1, 1, 1, 1), b1));
      c4 = f32x4.add(c4, f32x4.mul(v128.shuffle<f32>(q, q, 2, 2, 2, 2), b2));
      c4 = f32x4.add(c4, f32x4.mul(v128.shuffle<f32>(q, q, 3, 3, 3, 3), b3));
      a4 += 16;
      q = v128.load(a5);
      c5 = f32x4.add(c5, f32x4.mul(v128.shuffle<f32>(q, q, 0, 0, 0, 0), b0));
      c5 = f32x4.add(c5, f32x4.mul(v128.shuffle<f32>(q, q, 1, 1, 1, 1), b1));
      c5 = f32x4.add(c5, f32x4.mul(v128.shuffle<f32>(q, q, 2, 2, 2, 2), b2));
      c5 = f32x4.add(c5, f32x4.mul(v128.shuffle<f32>(q, q, 3, 3, 3, 3), b3));
      a5 += 16;
      q = v128.load(a6);
      c6 = f32x4.add(c6, f32x4.mul(v128.shuffle<f32>(q, q, 0, 0, 0, 0), b0));
      c6 = f32x4.add(c6, f32x4.mul(v128.shuffle<f32>(q, q, 1, 1, 1, 1), b1));
      c6 = f32x4.add(c6, f32x4.mul(v128.shuffle<f32>(q, q, 2, 2, 2, 2), b2));
      c6 = f32x4.add(c6, f32x4.mul(v128.shuffle<f32>(q, q, 3, 3, 3, 3), b3));
      a6 += 16;
      q = v128.load(a7);
      c7 = f32x4.add(c7, f32x4.mul(v128.shuffle<f32>(q, q, 0, 0, 0, 0), b0));
      c7 = f32x4.add(c7, f32x4.mul(v128.shuffle<f32>(q, q, 1, 1, 1, 1), b1));
      c7 = f32x4.add(c7, f32x4.mul(v128.shuffle<f32>(q, q, 2, 2, 2, 2), b2));
      c7 = f32x4.add(c7, f32x4.mul(v128.shuffle<f32>(q, q, 3, 3, 3, 3), b3));
      a7 += 16;
      b += 64;
    }
    for (let left = run & 3; left > 0; left--) {
      b0 = v128.load(b);
      c0 = f32x4.add(c0, f32x4.mul(v128.load32_splat(a0), b0));
      c1 = f32x4.add(c1, f32x4.mul(v128.load32_splat(a1), b0));
      c2 = f32x4.add(c2, f32x4.mul(v128.load32_splat(a2), b0));
      c3 = f32x4.add(c3, f32x4.mul(v128.load32_splat(a3), b0));
      c4 = f32x4.add(c4, f32x4.mul(v128.load32_splat(a4), b0));
      c5 = f32x4.add(c5, f32x4.mul(v128.load32_splat(a5), b0));
      c6 = f32x4.add(c6, f32x4.mul(v128.load32_splat(a6), b0));
      c7 = f32x4.add(c7, f32x4.mul(v128.load32_splat(a7), b0));
      b += 16;
      a0 += 4;
      a1 += 4;
      a2 += 4;
      a3 += 4;
      a4 += 4;
      a5 += 4;
      a6 += 4;
      a7 += 4;
    }
  }
  v128.store(c, c0, 0);
  v128.store(c, c1, 32);
  v128.store(c, c2, 64);
  v128.store(c, c3, 96);
  v128.store(c, c4, 128);
  v128.store(c, c5, 160);
  v128.store(c, c6, 192);
  v128.store(c, c7, 224);
}

/** Copies, or adds, the part of a tile (rows 32 bytes apart) that lies inside its matrix. */
export function storeTile(
  tile: usize,
  rows: i32,
  columns: i32,
  c: usize,
  rowBytes: usize,
  add: bool,
): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const at = c + (<usize>j << 2);
      const value = load<f32>(tile + (<usize>j << 2));
      store<f32>(at, add ? load<f32>(at) + value : value);
    }
    tile += 32;
    c += rowBytes;
  }
}
