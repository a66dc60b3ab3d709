// The transforms of Winograd's F(2x2, 3x3) and F(4x4, 3x3) (Lavin and Gray
// 2016, arXiv:1509.09308, sec. 4.1), of tiles of four channels. Each is computed
// line by line in one dimension and then in the other. What lies between the two
// is in variables: V8 keeps those that do not fit the registers on its stack,
// where an access needs no check of bounds, in contrast to one of memory.
//
// Terms that several entries of a line share are written out in each: compilers
// find them. Factors of two, four and eight are sums: these are as exact, and V8
// builds a vector constant again, in four instructions, wherever one is used.
import { poolWindow } from "./relu_pool";

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

/** The first of the six entries of B' x; the others follow. */
// @ts-ignore: decorator
@inline
function input0(x0: v128, x2: v128, x4: v128): v128 {
  return f32x4.add(f32x4.sub(four(x0), f32x4.add(four(x2), x2)), x4);
}

// @ts-ignore: decorator
@inline
function input1(x1: v128, x2: v128, x3: v128, x4: v128): v128 {
  return f32x4.add(f32x4.sub(x4, four(x2)), f32x4.sub(x3, four(x1)));
}

// @ts-ignore: decorator
@inline
function input2(x1: v128, x2: v128, x3: v128, x4: v128): v128 {
  return f32x4.sub(f32x4.sub(x4, four(x2)), f32x4.sub(x3, four(x1)));
}

// @ts-ignore: decorator
@inline
function input3(x1: v128, x2: v128, x3: v128, x4: v128): v128 {
  return f32x4.add(f32x4.sub(x4, x2), twice(f32x4.sub(x3, x1)));
}

// @ts-ignore: decorator
@inline
function input4(x1: v128, x2: v128, x3: v128, x4: v128): v128 {
  return f32x4.sub(f32x4.sub(x4, x2), twice(f32x4.sub(x3, x1)));
}

// @ts-ignore: decorator
@inline
function input5(x1: v128, x3: v128, x5: v128): v128 {
  return f32x4.add(f32x4.sub(four(x1), f32x4.add(four(x3), x3)), x5);
}

/** Stores B' x, `step` bytes apart. */
// @ts-ignore: decorator
@inline
function storeInput(x0: v128, x1: v128, x2: v128, x3: v128, x4: v128, x5: v128, target: usize, step: usize): void {
  v128.store(target, input0(x0, x2, x4));
  v128.store(target += step, input1(x1, x2, x3, x4));
  v128.store(target += step, input2(x1, x2, x3, x4));
  v128.store(target += step, input3(x1, x2, x3, x4));
  v128.store(target += step, input4(x1, x2, x3, x4));
  v128.store(target += step, input5(x1, x3, x5));
}

/**
 * B' d B of six by six pixels.
 *
 * @param row Bytes between rows of pixels; pixels are 16 apart.
 * @param plane Bytes between the 36 results.
 */
// @ts-ignore: decorator
@inline
export function inputTile(source: usize, row: usize, target: usize, plane: usize): void {
  let x0: v128, x1: v128, x2: v128, x3: v128, x4: v128, x5: v128;
  x0 = v128.load(source);
  x1 = v128.load(source, 16);
  x2 = v128.load(source, 32);
  x3 = v128.load(source, 48);
  x4 = v128.load(source, 64);
  x5 = v128.load(source, 80);
  const v00 = input0(x0, x2, x4),
    v01 = input1(x1, x2, x3, x4),
    v02 = input2(x1, x2, x3, x4),
    v03 = input3(x1, x2, x3, x4),
    v04 = input4(x1, x2, x3, x4),
    v05 = input5(x1, x3, x5);
  source += row;
  x0 = v128.load(source);
  x1 = v128.load(source, 16);
  x2 = v128.load(source, 32);
  x3 = v128.load(source, 48);
  x4 = v128.load(source, 64);
  x5 = v128.load(source, 80);
  const v10 = input0(x0, x2, x4),
    v11 = input1(x1, x2, x3, x4),
    v12 = input2(x1, x2, x3, x4),
    v13 = input3(x1, x2, x3, x4),
    v14 = input4(x1, x2, x3, x4),
    v15 = input5(x1, x3, x5);
  source += row;
  x0 = v128.load(source);
  x1 = v128.load(source, 16);
  x2 = v128.load(source, 32);
  x3 = v128.load(source, 48);
  x4 = v128.load(source, 64);
  x5 = v128.load(source, 80);
  const v20 = input0(x0, x2, x4),
    v21 = input1(x1, x2, x3, x4),
    v22 = input2(x1, x2, x3, x4),
    v23 = input3(x1, x2, x3, x4),
    v24 = input4(x1, x2, x3, x4),
    v25 = input5(x1, x3, x5);
  source += row;
  x0 = v128.load(source);
  x1 = v128.load(source, 16);
  x2 = v128.load(source, 32);
  x3 = v128.load(source, 48);
  x4 = v128.load(source, 64);
  x5 = v128.load(source, 80);
  const v30 = input0(x0, x2, x4),
    v31 = input1(x1, x2, x3, x4),
    v32 = input2(x1, x2, x3, x4),
    v33 = input3(x1, x2, x3, x4),
    v34 = input4(x1, x2, x3, x4),
    v35 = input5(x1, x3, x5);
  source += row;
  x0 = v128.load(source);
  x1 = v128.load(source, 16);
  x2 = v128.load(source, 32);
  x3 = v128.load(source, 48);
  x4 = v128.load(source, 64);
  x5 = v128.load(source, 80);
  const v40 = input0(x0, x2, x4),
    v41 = input1(x1, x2, x3, x4),
    v42 = input2(x1, x2, x3, x4),
    v43 = input3(x1, x2, x3, x4),
    v44 = input4(x1, x2, x3, x4),
    v45 = input5(x1, x3, x5);
  source += row;
  x0 = v128.load(source);
  x1 = v128.load(source, 16);
  x2 = v128.load(source, 32);
  x3 = v128.load(source, 48);
  x4 = v128.load(source, 64);
  x5 = v128.load(source, 80);
  const v50 = input0(x0, x2, x4),
    v51 = input1(x1, x2, x3, x4),
    v52 = input2(x1, x2, x3, x4),
    v53 = input3(x1, x2, x3, x4),
    v54 = input4(x1, x2, x3, x4),
    v55 = input5(x1, x3, x5);
  storeInput(v00, v10, v20, v30, v40, v50, target, 6 * plane);
  target += plane;
  storeInput(v01, v11, v21, v31, v41, v51, target, 6 * plane);
  target += plane;
  storeInput(v02, v12, v22, v32, v42, v52, target, 6 * plane);
  target += plane;
  storeInput(v03, v13, v23, v33, v43, v53, target, 6 * plane);
  target += plane;
  storeInput(v04, v14, v24, v34, v44, v54, target, 6 * plane);
  target += plane;
  storeInput(v05, v15, v25, v35, v45, v55, target, 6 * plane);
}

/** The first of the four entries of A' m; the others follow. */
// @ts-ignore: decorator
@inline
function output0(m0: v128, m1: v128, m2: v128, m3: v128, m4: v128): v128 {
  return f32x4.add(f32x4.add(m0, f32x4.add(m1, m2)), f32x4.add(m3, m4));
}

// @ts-ignore: decorator
@inline
function output1(m1: v128, m2: v128, m3: v128, m4: v128): v128 {
  return f32x4.add(f32x4.sub(m1, m2), twice(f32x4.sub(m3, m4)));
}

// @ts-ignore: decorator
@inline
function output2(m1: v128, m2: v128, m3: v128, m4: v128): v128 {
  return f32x4.add(f32x4.add(m1, m2), four(f32x4.add(m3, m4)));
}

// @ts-ignore: decorator
@inline
function output3(m1: v128, m2: v128, m3: v128, m4: v128, m5: v128): v128 {
  return f32x4.add(f32x4.add(f32x4.sub(m1, m2), twice(four(f32x4.sub(m3, m4)))), m5);
}

/** Stores A' m, `step` bytes apart. */
// @ts-ignore: decorator
@inline
function storeOutput(x0: v128, x1: v128, x2: v128, x3: v128, x4: v128, x5: v128, target: usize, step: usize): void {
  v128.store(target, output0(x0, x1, x2, x3, x4));
  v128.store(target += step, output1(x1, x2, x3, x4));
  v128.store(target += step, output2(x1, x2, x3, x4));
  v128.store(target += step, output3(x1, x2, x3, x4, x5));
}

/**
 * A' m A of 36 products `plane` bytes apart, to 4x4 pixels in `square`.
 */
// @ts-ignore: decorator
@inline
export function outputTile(source: usize, plane: usize, square: usize): void {
  const line = 6 * plane;
  let from: usize;
  let x0: v128, x1: v128, x2: v128, x3: v128, x4: v128, x5: v128;
  from = source;
  x0 = v128.load(from);
  x1 = v128.load(from += line);
  x2 = v128.load(from += line);
  x3 = v128.load(from += line);
  x4 = v128.load(from += line);
  x5 = v128.load(from += line);
  const v00 = output0(x0, x1, x2, x3, x4),
    v01 = output1(x1, x2, x3, x4),
    v02 = output2(x1, x2, x3, x4),
    v03 = output3(x1, x2, x3, x4, x5);
  source += plane;
  from = source;
  x0 = v128.load(from);
  x1 = v128.load(from += line);
  x2 = v128.load(from += line);
  x3 = v128.load(from += line);
  x4 = v128.load(from += line);
  x5 = v128.load(from += line);
  const v10 = output0(x0, x1, x2, x3, x4),
    v11 = output1(x1, x2, x3, x4),
    v12 = output2(x1, x2, x3, x4),
    v13 = output3(x1, x2, x3, x4, x5);
  source += plane;
  from = source;
  x0 = v128.load(from);
  x1 = v128.load(from += line);
  x2 = v128.load(from += line);
  x3 = v128.load(from += line);
  x4 = v128.load(from += line);
  x5 = v128.load(from += line);
  const v20 = output0(x0, x1, x2, x3, x4),
    v21 = output1(x1, x2, x3, x4),
    v22 = output2(x1, x2, x3, x4),
    v23 = output3(x1, x2, x3, x4, x5);
  source += plane;
  from = source;
  x0 = v128.load(from);
  x1 = v128.load(from += line);
  x2 = v128.load(from += line);
  x3 = v128.load(from += line);
  x4 = v128.load(from += line);
  x5 = v128.load(from += line);
  const v30 = output0(x0, x1, x2, x3, x4),
    v31 = output1(x1, x2, x3, x4),
    v32 = output2(x1, x2, x3, x4),
    v33 = output3(x1, x2, x3, x4, x5);
  source += plane;
  from = source;
  x0 = v128.load(from);
  x1 = v128.load(from += line);
  x2 = v128.load(from += line);
  x3 = v128.load(from += line);
  x4 = v128.load(from += line);
  x5 = v128.load(from += line);
  const v40 = output0(x0, x1, x2, x3, x4),
    v41 = output1(x1, x2, x3, x4),
    v42 = output2(x1, x2, x3, x4),
    v43 = output3(x1, x2, x3, x4, x5);
  source += plane;
  from = source;
  x0 = v128.load(from);
  x1 = v128.load(from += line);
  x2 = v128.load(from += line);
  x3 = v128.load(from += line);
  x4 = v128.load(from += line);
  x5 = v128.load(from += line);
  const v50 = output0(x0, x1, x2, x3, x4),
    v51 = output1(x1, x2, x3, x4),
    v52 = output2(x1, x2, x3, x4),
    v53 = output3(x1, x2, x3, x4, x5);
  storeOutput(v00, v10, v20, v30, v40, v50, square, 16);
  square += 64;
  storeOutput(v01, v11, v21, v31, v41, v51, square, 16);
  square += 64;
  storeOutput(v02, v12, v22, v32, v42, v52, square, 16);
  square += 64;
  storeOutput(v03, v13, v23, v33, v43, v53, square, 16);
}

/** The second of the six entries of A y, whose first is y0 and last y3; the others follow. */
// @ts-ignore: decorator
@inline
function gradient1(y0: v128, y1: v128, y2: v128, y3: v128): v128 {
  return f32x4.add(f32x4.add(y0, y2), f32x4.add(y1, y3));
}

// @ts-ignore: decorator
@inline
function gradient2(y0: v128, y1: v128, y2: v128, y3: v128): v128 {
  return f32x4.sub(f32x4.add(y0, y2), f32x4.add(y1, y3));
}

// @ts-ignore: decorator
@inline
function gradient3(y0: v128, y1: v128, y2: v128, y3: v128): v128 {
  return f32x4.add(f32x4.add(y0, four(y2)), twice(f32x4.add(y1, four(y3))));
}

// @ts-ignore: decorator
@inline
function gradient4(y0: v128, y1: v128, y2: v128, y3: v128): v128 {
  return f32x4.sub(f32x4.add(y0, four(y2)), twice(f32x4.add(y1, four(y3))));
}

/** Stores A y, `step` bytes apart. */
// @ts-ignore: decorator
@inline
function storeGradient(x0: v128, x1: v128, x2: v128, x3: v128, target: usize, step: usize): void {
  v128.store(target, x0);
  v128.store(target += step, gradient1(x0, x1, x2, x3));
  v128.store(target += step, gradient2(x0, x1, x2, x3));
  v128.store(target += step, gradient3(x0, x1, x2, x3));
  v128.store(target += step, gradient4(x0, x1, x2, x3));
  v128.store(target += step, x3);
}

/**
 * A d A' of 4x4 pixels, laid out as for `inputTile`.
 */
// @ts-ignore: decorator
@inline
export function gradientTile(source: usize, row: usize, target: usize, plane: usize): void {
  let x0: v128, x1: v128, x2: v128, x3: v128;
  x0 = v128.load(source);
  x1 = v128.load(source, 16);
  x2 = v128.load(source, 32);
  x3 = v128.load(source, 48);
  const v00 = x0,
    v01 = gradient1(x0, x1, x2, x3),
    v02 = gradient2(x0, x1, x2, x3),
    v03 = gradient3(x0, x1, x2, x3),
    v04 = gradient4(x0, x1, x2, x3),
    v05 = x3;
  source += row;
  x0 = v128.load(source);
  x1 = v128.load(source, 16);
  x2 = v128.load(source, 32);
  x3 = v128.load(source, 48);
  const v10 = x0,
    v11 = gradient1(x0, x1, x2, x3),
    v12 = gradient2(x0, x1, x2, x3),
    v13 = gradient3(x0, x1, x2, x3),
    v14 = gradient4(x0, x1, x2, x3),
    v15 = x3;
  source += row;
  x0 = v128.load(source);
  x1 = v128.load(source, 16);
  x2 = v128.load(source, 32);
  x3 = v128.load(source, 48);
  const v20 = x0,
    v21 = gradient1(x0, x1, x2, x3),
    v22 = gradient2(x0, x1, x2, x3),
    v23 = gradient3(x0, x1, x2, x3),
    v24 = gradient4(x0, x1, x2, x3),
    v25 = x3;
  source += row;
  x0 = v128.load(source);
  x1 = v128.load(source, 16);
  x2 = v128.load(source, 32);
  x3 = v128.load(source, 48);
  const v30 = x0,
    v31 = gradient1(x0, x1, x2, x3),
    v32 = gradient2(x0, x1, x2, x3),
    v33 = gradient3(x0, x1, x2, x3),
    v34 = gradient4(x0, x1, x2, x3),
    v35 = x3;
  storeGradient(v00, v10, v20, v30, target, 6 * plane);
  target += plane;
  storeGradient(v01, v11, v21, v31, target, 6 * plane);
  target += plane;
  storeGradient(v02, v12, v22, v32, target, 6 * plane);
  target += plane;
  storeGradient(v03, v13, v23, v33, target, 6 * plane);
  target += plane;
  storeGradient(v04, v14, v24, v34, target, 6 * plane);
  target += plane;
  storeGradient(v05, v15, v25, v35, target, 6 * plane);
}

/** Stores B' x of F(2, 3), `step` bytes apart. */
// @ts-ignore: decorator
@inline
function storeSmallInput(x0: v128, x1: v128, x2: v128, x3: v128, target: usize, step: usize): void {
  v128.store(target, f32x4.sub(x0, x2));
  v128.store(target += step, f32x4.add(x1, x2));
  v128.store(target += step, f32x4.sub(x2, x1));
  v128.store(target += step, f32x4.sub(x1, x3));
}

/** B' d B of four by four pixels, as `inputTile`, to 16 results. */
// @ts-ignore: decorator
@inline
export function smallInputTile(source: usize, row: usize, target: usize, plane: usize): void {
  let x0: v128, x1: v128, x2: v128, x3: v128;
  x0 = v128.load(source);
  x1 = v128.load(source, 16);
  x2 = v128.load(source, 32);
  x3 = v128.load(source, 48);
  const v00 = f32x4.sub(x0, x2), v01 = f32x4.add(x1, x2), v02 = f32x4.sub(x2, x1), v03 = f32x4.sub(x1, x3);
  source += row;
  x0 = v128.load(source);
  x1 = v128.load(source, 16);
  x2 = v128.load(source, 32);
  x3 = v128.load(source, 48);
  const v10 = f32x4.sub(x0, x2), v11 = f32x4.add(x1, x2), v12 = f32x4.sub(x2, x1), v13 = f32x4.sub(x1, x3);
  source += row;
  x0 = v128.load(source);
  x1 = v128.load(source, 16);
  x2 = v128.load(source, 32);
  x3 = v128.load(source, 48);
  const v20 = f32x4.sub(x0, x2), v21 = f32x4.add(x1, x2), v22 = f32x4.sub(x2, x1), v23 = f32x4.sub(x1, x3);
  source += row;
  x0 = v128.load(source);
  x1 = v128.load(source, 16);
  x2 = v128.load(source, 32);
  x3 = v128.load(source, 48);
  const v30 = f32x4.sub(x0, x2), v31 = f32x4.add(x1, x2), v32 = f32x4.sub(x2, x1), v33 = f32x4.sub(x1, x3);
  storeSmallInput(v00, v10, v20, v30, target, 4 * plane);
  target += plane;
  storeSmallInput(v01, v11, v21, v31, target, 4 * plane);
  target += plane;
  storeSmallInput(v02, v12, v22, v32, target, 4 * plane);
  target += plane;
  storeSmallInput(v03, v13, v23, v33, target, 4 * plane);
}

/** The two entries of A' m of F(2, 3). */
// @ts-ignore: decorator
@inline
function smallOutput0(m0: v128, m1: v128, m2: v128): v128 {
  return f32x4.add(f32x4.add(m0, m1), m2);
}

// @ts-ignore: decorator
@inline
function smallOutput1(m1: v128, m2: v128, m3: v128): v128 {
  return f32x4.sub(f32x4.sub(m1, m2), m3);
}

/** A' m A of 16 products, to the first 2x2 pixels of `square`, 64 bytes per row. */
// @ts-ignore: decorator
@inline
export function smallOutputTile(source: usize, plane: usize, square: usize): void {
  const line = 4 * plane;
  let from: usize;
  let x0: v128, x1: v128, x2: v128, x3: v128;
  from = source;
  x0 = v128.load(from);
  x1 = v128.load(from += line);
  x2 = v128.load(from += line);
  x3 = v128.load(from += line);
  const v00 = smallOutput0(x0, x1, x2), v01 = smallOutput1(x1, x2, x3);
  source += plane;
  from = source;
  x0 = v128.load(from);
  x1 = v128.load(from += line);
  x2 = v128.load(from += line);
  x3 = v128.load(from += line);
  const v10 = smallOutput0(x0, x1, x2), v11 = smallOutput1(x1, x2, x3);
  source += plane;
  from = source;
  x0 = v128.load(from);
  x1 = v128.load(from += line);
  x2 = v128.load(from += line);
  x3 = v128.load(from += line);
  const v20 = smallOutput0(x0, x1, x2), v21 = smallOutput1(x1, x2, x3);
  source += plane;
  from = source;
  x0 = v128.load(from);
  x1 = v128.load(from += line);
  x2 = v128.load(from += line);
  x3 = v128.load(from += line);
  const v30 = smallOutput0(x0, x1, x2), v31 = smallOutput1(x1, x2, x3);
  v128.store(square, smallOutput0(v00, v10, v20));
  v128.store(square, smallOutput1(v10, v20, v30), 16);
  v128.store(square, smallOutput0(v01, v11, v21), 64);
  v128.store(square, smallOutput1(v11, v21, v31), 80);
}

/** Bias, relu and pooling of the 2x2 pixels A' m A of 16 products: see `poolWindow`. */
// @ts-ignore: decorator
@inline
export function smallOutputPool(
  source: usize,
  plane: usize,
  bias: usize,
  out: usize,
  winners: usize,
): void {
  const line = 4 * plane;
  let from: usize;
  let x0: v128, x1: v128, x2: v128, x3: v128;
  from = source;
  x0 = v128.load(from);
  x1 = v128.load(from += line);
  x2 = v128.load(from += line);
  x3 = v128.load(from += line);
  const v00 = smallOutput0(x0, x1, x2), v01 = smallOutput1(x1, x2, x3);
  source += plane;
  from = source;
  x0 = v128.load(from);
  x1 = v128.load(from += line);
  x2 = v128.load(from += line);
  x3 = v128.load(from += line);
  const v10 = smallOutput0(x0, x1, x2), v11 = smallOutput1(x1, x2, x3);
  source += plane;
  from = source;
  x0 = v128.load(from);
  x1 = v128.load(from += line);
  x2 = v128.load(from += line);
  x3 = v128.load(from += line);
  const v20 = smallOutput0(x0, x1, x2), v21 = smallOutput1(x1, x2, x3);
  source += plane;
  from = source;
  x0 = v128.load(from);
  x1 = v128.load(from += line);
  x2 = v128.load(from += line);
  x3 = v128.load(from += line);
  const v30 = smallOutput0(x0, x1, x2), v31 = smallOutput1(x1, x2, x3);
  poolWindow(
    smallOutput0(v00, v10, v20),
    smallOutput1(v10, v20, v30),
    smallOutput0(v01, v11, v21),
    smallOutput1(v11, v21, v31),
    bias,
    out,
    winners,
  );
}
