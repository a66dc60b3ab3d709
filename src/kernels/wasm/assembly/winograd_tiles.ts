// The transforms of Winograd's F(2x2, 3x3) and F(4x4, 3x3) (Lavin and Gray
// 2016, arXiv:1509.09308, sec. 4.1), of tiles of four channels. Each is computed
// line by line in one dimension and then in the other; `work` holds the result
// of the first.
//
// Loads and stores use constant distances where possible: the size of a type
// stands for a distance, and `Planes` for one that is known only at run time.
// Factors of two, four and eight are sums: these are as exact, and V8 builds a
// vector constant again, in four instructions, wherever one is used.

/** Distance 16: vectors one after another. */
// @ts-ignore: decorator
@unmanaged
export class Next {
  v0: v128;
}

/** Distance 96: vectors one below another in lines of six. */
// @ts-ignore: decorator
@unmanaged
export class Below {
  v0: v128;
  v1: v128;
  v2: v128;
  v3: v128;
  v4: v128;
  v5: v128;
}

/** Distance known only at run time. */
// @ts-ignore: decorator
@unmanaged
export class Planes {}

// @ts-ignore: decorator
@inline
function twice(value: v128): v128 {
  return f32x4.add(value, value);
}

// @ts-ignore: decorator
@inline
function four(value: v128): v128 {
  return twice(twice(value));
}

/** B' of six vectors, to six. */
// @ts-ignore: decorator
@inline
function inputLine<From, To>(source: usize, target: usize, to: usize): void {
  const x0 = v128.load(source);
  const x1 = v128.load(source, offsetof<From>());
  const x2 = v128.load(source, 2 * offsetof<From>());
  const x3 = v128.load(source, 3 * offsetof<From>());
  const x4 = v128.load(source, 4 * offsetof<From>());
  const x5 = v128.load(source, 5 * offsetof<From>());
  const x1Four = four(x1), x2Four = four(x2);
  const a = f32x4.sub(x4, x2Four);
  const b = f32x4.sub(x3, x1Four);
  const c = f32x4.sub(x4, x2);
  const d = twice(f32x4.sub(x3, x1));
  const y0 = f32x4.add(f32x4.sub(four(x0), f32x4.add(x2Four, x2)), x4);
  const y5 = f32x4.add(f32x4.sub(x1Four, f32x4.add(four(x3), x3)), x5);
  if (offsetof<To>() > 0) {
    v128.store(target, y0);
    v128.store(target, f32x4.add(a, b), offsetof<To>());
    v128.store(target, f32x4.sub(a, b), 2 * offsetof<To>());
    v128.store(target, f32x4.add(c, d), 3 * offsetof<To>());
    v128.store(target, f32x4.sub(c, d), 4 * offsetof<To>());
    v128.store(target, y5, 5 * offsetof<To>());
  } else {
    v128.store(target, y0);
    v128.store(target += to, f32x4.add(a, b));
    v128.store(target += to, f32x4.sub(a, b));
    v128.store(target += to, f32x4.add(c, d));
    v128.store(target += to, f32x4.sub(c, d));
    v128.store(target += to, y5);
  }
}

/**
 * B' d B of six by six pixels.
 *
 * @param row Bytes between rows of pixels; pixels are 16 apart.
 * @param plane Bytes between the 36 results.
 */
// @ts-ignore: decorator
@inline
export function inputTile(source: usize, row: usize, target: usize, plane: usize, work: usize): void {
  let line = work;
  for (let y = 0; y < 6; y++) {
    inputLine<Next, Next>(source, line, 0);
    source += row;
    line += 96;
  }
  line = work;
  for (let x = 0; x < 6; x++) {
    inputLine<Below, Planes>(line, target, 6 * plane);
    line += 16;
    target += plane;
  }
}

/** A' of six vectors, to four. */
// @ts-ignore: decorator
@inline
function outputLine<From, To>(source: usize, from: usize, target: usize): void {
  let m1: v128, m2: v128, m3: v128, m4: v128, m5: v128;
  const m0 = v128.load(source);
  if (offsetof<From>() > 0) {
    m1 = v128.load(source, offsetof<From>());
    m2 = v128.load(source, 2 * offsetof<From>());
    m3 = v128.load(source, 3 * offsetof<From>());
    m4 = v128.load(source, 4 * offsetof<From>());
    m5 = v128.load(source, 5 * offsetof<From>());
  } else {
    m1 = v128.load(source += from);
    m2 = v128.load(source += from);
    m3 = v128.load(source += from);
    m4 = v128.load(source += from);
    m5 = v128.load(source += from);
  }
  const s1 = f32x4.add(m1, m2), d1 = f32x4.sub(m1, m2);
  const s2 = f32x4.add(m3, m4), d2 = f32x4.sub(m3, m4);
  v128.store(target, f32x4.add(f32x4.add(m0, s1), s2));
  v128.store(target, f32x4.add(d1, twice(d2)), offsetof<To>());
  v128.store(target, f32x4.add(s1, four(s2)), 2 * offsetof<To>());
  v128.store(target, f32x4.add(f32x4.add(d1, twice(four(d2))), m5), 3 * offsetof<To>());
}

/** A' m A of 36 products `plane` bytes apart, to 4x4 pixels in `square`. */
// @ts-ignore: decorator
@inline
export function outputTile(source: usize, plane: usize, square: usize, work: usize): void {
  let line = work;
  for (let x = 0; x < 6; x++) {
    outputLine<Planes, Below>(source, 6 * plane, line);
    source += plane;
    line += 16;
  }
  line = work;
  for (let y = 0; y < 4; y++) {
    outputLine<Next, Next>(line, 0, square);
    line += 96;
    square += 64;
  }
}

/** A of four vectors, to six. */
// @ts-ignore: decorator
@inline
function gradientLine<From, To>(source: usize, target: usize, to: usize): void {
  const y0 = v128.load(source);
  const y1 = v128.load(source, offsetof<From>());
  const y2 = v128.load(source, 2 * offsetof<From>());
  const y3 = v128.load(source, 3 * offsetof<From>());
  const even = f32x4.add(y0, y2), odd = f32x4.add(y1, y3);
  const even2 = f32x4.add(y0, four(y2));
  const odd2 = twice(f32x4.add(y1, four(y3)));
  if (offsetof<To>() > 0) {
    v128.store(target, y0);
    v128.store(target, f32x4.add(even, odd), offsetof<To>());
    v128.store(target, f32x4.sub(even, odd), 2 * offsetof<To>());
    v128.store(target, f32x4.add(even2, odd2), 3 * offsetof<To>());
    v128.store(target, f32x4.sub(even2, odd2), 4 * offsetof<To>());
    v128.store(target, y3, 5 * offsetof<To>());
  } else {
    v128.store(target, y0);
    v128.store(target += to, f32x4.add(even, odd));
    v128.store(target += to, f32x4.sub(even, odd));
    v128.store(target += to, f32x4.add(even2, odd2));
    v128.store(target += to, f32x4.sub(even2, odd2));
    v128.store(target += to, y3);
  }
}

/** A d A' of 4x4 pixels, laid out as for `inputTile`. */
// @ts-ignore: decorator
@inline
export function gradientTile(source: usize, row: usize, target: usize, plane: usize, work: usize): void {
  let line = work;
  for (let y = 0; y < 4; y++) {
    gradientLine<Next, Next>(source, line, 0);
    source += row;
    line += 96;
  }
  line = work;
  for (let x = 0; x < 6; x++) {
    gradientLine<Below, Planes>(line, target, 6 * plane);
    line += 16;
    target += plane;
  }
}

/** Distance 64: vectors one below another in lines of four. */
// @ts-ignore: decorator
@unmanaged
class BelowFour {
  v0: v128;
  v1: v128;
  v2: v128;
  v3: v128;
}

/** B' of F(2, 3), four vectors to four. */
// @ts-ignore: decorator
@inline
function smallInputLine<From>(source: usize, target: usize, to: usize): void {
  const x0 = v128.load(source);
  const x1 = v128.load(source, offsetof<From>());
  const x2 = v128.load(source, 2 * offsetof<From>());
  const x3 = v128.load(source, 3 * offsetof<From>());
  v128.store(target, f32x4.sub(x0, x2));
  v128.store(target += to, f32x4.add(x1, x2));
  v128.store(target += to, f32x4.sub(x2, x1));
  v128.store(target += to, f32x4.sub(x1, x3));
}

/** B' d B of four by four pixels, as `inputTile`, to 16 results. */
// @ts-ignore: decorator
@inline
export function smallInputTile(source: usize, row: usize, target: usize, plane: usize, work: usize): void {
  let line = work;
  for (let y = 0; y < 4; y++) {
    smallInputLine<Next>(source, line, 16);
    source += row;
    line += 64;
  }
  line = work;
  for (let x = 0; x < 4; x++) {
    smallInputLine<BelowFour>(line, target, 4 * plane);
    line += 16;
    target += plane;
  }
}

/** A' of F(2, 3), four vectors to two. */
// @ts-ignore: decorator
@inline
function smallOutputLine(source: usize, from: usize, target: usize, to: usize): void {
  const m0 = v128.load(source);
  const m1 = v128.load(source += from);
  const m2 = v128.load(source += from);
  const m3 = v128.load(source += from);
  v128.store(target, f32x4.add(f32x4.add(m0, m1), m2));
  v128.store(target + to, f32x4.sub(f32x4.sub(m1, m2), m3));
}

/** A' m A of 16 products, to the first 2x2 pixels of `square`, 64 bytes per row. */
// @ts-ignore: decorator
@inline
export function smallOutputTile(source: usize, plane: usize, square: usize, work: usize): void {
  let line = work;
  for (let x = 0; x < 4; x++) {
    smallOutputLine(source, 4 * plane, line, 64);
    source += plane;
    line += 16;
  }
  smallOutputLine(work, 16, square, 16);
  smallOutputLine(work + 64, 16, square + 64, 16);
}
