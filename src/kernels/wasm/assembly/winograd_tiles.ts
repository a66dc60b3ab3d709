// The transforms of Winograd's F(2x2, 3x3) and F(4x4, 3x3) (Lavin and Gray
// 2016, arXiv:1509.09308, sec. 4.1), of tiles of four channels. Each is computed
// line by line in one dimension and then in the other. What lies between the two
// is in variables: V8 keeps those that do not fit the registers on its stack,
// where an access needs no check of bounds, in contrast to one of memory.
//
// Terms that several entries of a line share are written out in each: compilers
// find them. Constant factors are parameters that come from memory: V8 builds a
// vector constant again, in four instructions, wherever one is used. A factor of
// five rounds as four times a number plus the number does.
import { poolWindow } from "./relu_pool";

/** The first of the six entries of B' x; the others follow. */
// @ts-ignore: decorator
@inline
function input0(x0: v128, x2: v128, x4: v128, four: v128, five: v128): v128 {
  return f32x4.add(f32x4.sub(f32x4.mul(x0, four), f32x4.mul(x2, five)), x4);
}

// @ts-ignore: decorator
@inline
function input1(x1: v128, x2: v128, x3: v128, x4: v128, four: v128): v128 {
  return f32x4.add(f32x4.sub(x4, f32x4.mul(x2, four)), f32x4.sub(x3, f32x4.mul(x1, four)));
}

// @ts-ignore: decorator
@inline
function input2(x1: v128, x2: v128, x3: v128, x4: v128, four: v128): v128 {
  return f32x4.sub(f32x4.sub(x4, f32x4.mul(x2, four)), f32x4.sub(x3, f32x4.mul(x1, four)));
}

// @ts-ignore: decorator
@inline
function input3(x1: v128, x2: v128, x3: v128, x4: v128, two: v128): v128 {
  return f32x4.add(f32x4.sub(x4, x2), f32x4.mul(f32x4.sub(x3, x1), two));
}

// @ts-ignore: decorator
@inline
function input4(x1: v128, x2: v128, x3: v128, x4: v128, two: v128): v128 {
  return f32x4.sub(f32x4.sub(x4, x2), f32x4.mul(f32x4.sub(x3, x1), two));
}

// @ts-ignore: decorator
@inline
function input5(x1: v128, x3: v128, x5: v128, four: v128, five: v128): v128 {
  return f32x4.add(f32x4.sub(f32x4.mul(x1, four), f32x4.mul(x3, five)), x5);
}

/** Stores B' x, `step` bytes apart. */
// @ts-ignore: decorator
@inline
function storeInput(
  x0: v128,
  x1: v128,
  x2: v128,
  x3: v128,
  x4: v128,
  x5: v128,
  target: usize,
  step: usize,
  two: v128,
  four: v128,
  five: v128,
): void {
  v128.store(target, input0(x0, x2, x4, four, five));
  v128.store(target += step, input1(x1, x2, x3, x4, four));
  v128.store(target += step, input2(x1, x2, x3, x4, four));
  v128.store(target += step, input3(x1, x2, x3, x4, two));
  v128.store(target += step, input4(x1, x2, x3, x4, two));
  v128.store(target += step, input5(x1, x3, x5, four, five));
}

/**
 * B' d B of six by six pixels.
 *
 * @param row Bytes between rows of pixels; pixels are 16 apart.
 * @param plane Bytes between the 36 results.
 */
// @ts-ignore: decorator
@inline
export function inputTile(
  source: usize,
  row: usize,
  target: usize,
  plane: usize,
  two: v128,
  four: v128,
  five: v128,
): void {
  let x0: v128, x1: v128, x2: v128, x3: v128, x4: v128, x5: v128;
  x0 = v128.load(source);
  x1 = v128.load(source, 16);
  x2 = v128.load(source, 32);
  x3 = v128.load(source, 48);
  x4 = v128.load(source, 64);
  x5 = v128.load(source, 80);
  const v00 = input0(x0, x2, x4, four, five),
    v01 = input1(x1, x2, x3, x4, four),
    v02 = input2(x1, x2, x3, x4, four),
    v03 = input3(x1, x2, x3, x4, two),
    v04 = input4(x1, x2, x3, x4, two),
    v05 = input5(x1, x3, x5, four, five);
  source += row;
  x0 = v128.load(source);
  x1 = v128.load(source, 16);
  x2 = v128.load(source, 32);
  x3 = v128.load(source, 48);
  x4 = v128.load(source, 64);
  x5 = v128.load(source, 80);
  const v10 = input0(x0, x2, x4, four, five),
    v11 = input1(x1, x2, x3, x4, four),
    v12 = input2(x1, x2, x3, x4, four),
    v13 = input3(x1, x2, x3, x4, two),
    v14 = input4(x1, x2, x3, x4, two),
    v15 = input5(x1, x3, x5, four, five);
  source += row;
  x0 = v128.load(source);
  x1 = v128.load(source, 16);
  x2 = v128.load(source, 32);
  x3 = v128.load(source, 48);
  x4 = v128.load(source, 64);
  x5 = v128.load(source, 80);
  const v20 = input0(x0, x2, x4, four, five),
    v21 = input1(x1, x2, x3, x4, four),
    v22 = input2(x1, x2, x3, x4, four),
    v23 = input3(x1, x2, x3, x4, two),
    v24 = input4(x1, x2, x3, x4, two),
    v25 = input5(x1, x3, x5, four, five);
  source += row;
  x0 = v128.load(source);
  x1 = v128.load(source, 16);
  x2 = v128.load(source, 32);
  x3 = v128.load(source, 48);
  x4 = v128.load(source, 64);
  x5 = v128.load(source, 80);
  const v30 = input0(x0, x2, x4, four, five),
    v31 = input1(x1, x2, x3, x4, four),
    v32 = input2(x1, x2, x3, x4, four),
    v33 = input3(x1, x2, x3, x4, two),
    v34 = input4(x1, x2, x3, x4, two),
    v35 = input5(x1, x3, x5, four, five);
  source += row;
  x0 = v128.load(source);
  x1 = v128.load(source, 16);
  x2 = v128.load(source, 32);
  x3 = v128.load(source, 48);
  x4 = v128.load(source, 64);
  x5 = v128.load(source, 80);
  const v40 = input0(x0, x2, x4, four, five),
    v41 = input1(x1, x2, x3, x4, four),
    v42 = input2(x1, x2, x3, x4, four),
    v43 = input3(x1, x2, x3, x4, two),
    v44 = input4(x1, x2, x3, x4, two),
    v45 = input5(x1, x3, x5, four, five);
  source += row;
  x0 = v128.load(source);
  x1 = v128.load(source, 16);
  x2 = v128.load(source, 32);
  x3 = v128.load(source, 48);
  x4 = v128.load(source, 64);
  x5 = v128.load(source, 80);
  const v50 = input0(x0, x2, x4, four, five),
    v51 = input1(x1, x2, x3, x4, four),
    v52 = input2(x1, x2, x3, x4, four),
    v53 = input3(x1, x2, x3, x4, two),
    v54 = input4(x1, x2, x3, x4, two),
    v55 = input5(x1, x3, x5, four, five);
  storeInput(v00, v10, v20, v30, v40, v50, target, 6 * plane, two, four, five);
  target += plane;
  storeInput(v01, v11, v21, v31, v41, v51, target, 6 * plane, two, four, five);
  target += plane;
  storeInput(v02, v12, v22, v32, v42, v52, target, 6 * plane, two, four, five);
  target += plane;
  storeInput(v03, v13, v23, v33, v43, v53, target, 6 * plane, two, four, five);
  target += plane;
  storeInput(v04, v14, v24, v34, v44, v54, target, 6 * plane, two, four, five);
  target += plane;
  storeInput(v05, v15, v25, v35, v45, v55, target, 6 * plane, two, four, five);
}

/** The first of the four entries of A' m; the others follow. */
// @ts-ignore: decorator
@inline
function output0(m0: v128, m1: v128, m2: v128, m3: v128, m4: v128): v128 {
  return f32x4.add(f32x4.add(m0, f32x4.add(m1, m2)), f32x4.add(m3, m4));
}

// @ts-ignore: decorator
@inline
function output1(m1: v128, m2: v128, m3: v128, m4: v128, two: v128): v128 {
  return f32x4.add(f32x4.sub(m1, m2), f32x4.mul(f32x4.sub(m3, m4), two));
}

// @ts-ignore: decorator
@inline
function output2(m1: v128, m2: v128, m3: v128, m4: v128, four: v128): v128 {
  return f32x4.add(f32x4.add(m1, m2), f32x4.mul(f32x4.add(m3, m4), four));
}

// @ts-ignore: decorator
@inline
function output3(m1: v128, m2: v128, m3: v128, m4: v128, m5: v128, eight: v128): v128 {
  return f32x4.add(f32x4.add(f32x4.sub(m1, m2), f32x4.mul(f32x4.sub(m3, m4), eight)), m5);
}

/** Stores A' m, `step` bytes apart. */
// @ts-ignore: decorator
@inline
function storeOutput(
  x0: v128,
  x1: v128,
  x2: v128,
  x3: v128,
  x4: v128,
  x5: v128,
  target: usize,
  step: usize,
  two: v128,
  four: v128,
  eight: v128,
): void {
  v128.store(target, output0(x0, x1, x2, x3, x4));
  v128.store(target += step, output1(x1, x2, x3, x4, two));
  v128.store(target += step, output2(x1, x2, x3, x4, four));
  v128.store(target += step, output3(x1, x2, x3, x4, x5, eight));
}

/**
 * A' m A of 36 products `plane` bytes apart, to 4x4 pixels.
 *
 * @param out The first of them.
 * @param row Bytes between rows of pixels.
 * @param pixel Bytes between pixels.
 */
// @ts-ignore: decorator
@inline
export function outputTile(
  source: usize,
  plane: usize,
  out: usize,
  row: usize,
  pixel: usize,
  two: v128,
  four: v128,
  eight: v128,
): void {
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
    v01 = output1(x1, x2, x3, x4, two),
    v02 = output2(x1, x2, x3, x4, four),
    v03 = output3(x1, x2, x3, x4, x5, eight);
  source += plane;
  from = source;
  x0 = v128.load(from);
  x1 = v128.load(from += line);
  x2 = v128.load(from += line);
  x3 = v128.load(from += line);
  x4 = v128.load(from += line);
  x5 = v128.load(from += line);
  const v10 = output0(x0, x1, x2, x3, x4),
    v11 = output1(x1, x2, x3, x4, two),
    v12 = output2(x1, x2, x3, x4, four),
    v13 = output3(x1, x2, x3, x4, x5, eight);
  source += plane;
  from = source;
  x0 = v128.load(from);
  x1 = v128.load(from += line);
  x2 = v128.load(from += line);
  x3 = v128.load(from += line);
  x4 = v128.load(from += line);
  x5 = v128.load(from += line);
  const v20 = output0(x0, x1, x2, x3, x4),
    v21 = output1(x1, x2, x3, x4, two),
    v22 = output2(x1, x2, x3, x4, four),
    v23 = output3(x1, x2, x3, x4, x5, eight);
  source += plane;
  from = source;
  x0 = v128.load(from);
  x1 = v128.load(from += line);
  x2 = v128.load(from += line);
  x3 = v128.load(from += line);
  x4 = v128.load(from += line);
  x5 = v128.load(from += line);
  const v30 = output0(x0, x1, x2, x3, x4),
    v31 = output1(x1, x2, x3, x4, two),
    v32 = output2(x1, x2, x3, x4, four),
    v33 = output3(x1, x2, x3, x4, x5, eight);
  source += plane;
  from = source;
  x0 = v128.load(from);
  x1 = v128.load(from += line);
  x2 = v128.load(from += line);
  x3 = v128.load(from += line);
  x4 = v128.load(from += line);
  x5 = v128.load(from += line);
  const v40 = output0(x0, x1, x2, x3, x4),
    v41 = output1(x1, x2, x3, x4, two),
    v42 = output2(x1, x2, x3, x4, four),
    v43 = output3(x1, x2, x3, x4, x5, eight);
  source += plane;
  from = source;
  x0 = v128.load(from);
  x1 = v128.load(from += line);
  x2 = v128.load(from += line);
  x3 = v128.load(from += line);
  x4 = v128.load(from += line);
  x5 = v128.load(from += line);
  const v50 = output0(x0, x1, x2, x3, x4),
    v51 = output1(x1, x2, x3, x4, two),
    v52 = output2(x1, x2, x3, x4, four),
    v53 = output3(x1, x2, x3, x4, x5, eight);
  storeOutput(v00, v10, v20, v30, v40, v50, out, pixel, two, four, eight);
  out += row;
  storeOutput(v01, v11, v21, v31, v41, v51, out, pixel, two, four, eight);
  out += row;
  storeOutput(v02, v12, v22, v32, v42, v52, out, pixel, two, four, eight);
  out += row;
  storeOutput(v03, v13, v23, v33, v43, v53, out, pixel, two, four, eight);
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
function gradient3(y0: v128, y1: v128, y2: v128, y3: v128, two: v128, four: v128): v128 {
  return f32x4.add(f32x4.add(y0, f32x4.mul(y2, four)), f32x4.mul(f32x4.add(y1, f32x4.mul(y3, four)), two));
}

// @ts-ignore: decorator
@inline
function gradient4(y0: v128, y1: v128, y2: v128, y3: v128, two: v128, four: v128): v128 {
  return f32x4.sub(f32x4.add(y0, f32x4.mul(y2, four)), f32x4.mul(f32x4.add(y1, f32x4.mul(y3, four)), two));
}

/** Stores A y, `step` bytes apart. */
// @ts-ignore: decorator
@inline
function storeGradient(
  x0: v128,
  x1: v128,
  x2: v128,
  x3: v128,
  target: usize,
  step: usize,
  two: v128,
  four: v128,
): void {
  v128.store(target, x0);
  v128.store(target += step, gradient1(x0, x1, x2, x3));
  v128.store(target += step, gradient2(x0, x1, x2, x3));
  v128.store(target += step, gradient3(x0, x1, x2, x3, two, four));
  v128.store(target += step, gradient4(x0, x1, x2, x3, two, four));
  v128.store(target += step, x3);
}

/**
 * A d A' of 4x4 pixels, laid out as for `inputTile`.
 */
// @ts-ignore: decorator
@inline
export function gradientTile(
  source: usize,
  row: usize,
  target: usize,
  plane: usize,
  two: v128,
  four: v128,
): void {
  let x0: v128, x1: v128, x2: v128, x3: v128;
  x0 = v128.load(source);
  x1 = v128.load(source, 16);
  x2 = v128.load(source, 32);
  x3 = v128.load(source, 48);
  const v00 = x0,
    v01 = gradient1(x0, x1, x2, x3),
    v02 = gradient2(x0, x1, x2, x3),
    v03 = gradient3(x0, x1, x2, x3, two, four),
    v04 = gradient4(x0, x1, x2, x3, two, four),
    v05 = x3;
  source += row;
  x0 = v128.load(source);
  x1 = v128.load(source, 16);
  x2 = v128.load(source, 32);
  x3 = v128.load(source, 48);
  const v10 = x0,
    v11 = gradient1(x0, x1, x2, x3),
    v12 = gradient2(x0, x1, x2, x3),
    v13 = gradient3(x0, x1, x2, x3, two, four),
    v14 = gradient4(x0, x1, x2, x3, two, four),
    v15 = x3;
  source += row;
  x0 = v128.load(source);
  x1 = v128.load(source, 16);
  x2 = v128.load(source, 32);
  x3 = v128.load(source, 48);
  const v20 = x0,
    v21 = gradient1(x0, x1, x2, x3),
    v22 = gradient2(x0, x1, x2, x3),
    v23 = gradient3(x0, x1, x2, x3, two, four),
    v24 = gradient4(x0, x1, x2, x3, two, four),
    v25 = x3;
  source += row;
  x0 = v128.load(source);
  x1 = v128.load(source, 16);
  x2 = v128.load(source, 32);
  x3 = v128.load(source, 48);
  const v30 = x0,
    v31 = gradient1(x0, x1, x2, x3),
    v32 = gradient2(x0, x1, x2, x3),
    v33 = gradient3(x0, x1, x2, x3, two, four),
    v34 = gradient4(x0, x1, x2, x3, two, four),
    v35 = x3;
  storeGradient(v00, v10, v20, v30, target, 6 * plane, two, four);
  target += plane;
  storeGradient(v01, v11, v21, v31, target, 6 * plane, two, four);
  target += plane;
  storeGradient(v02, v12, v22, v32, target, 6 * plane, two, four);
  target += plane;
  storeGradient(v03, v13, v23, v33, target, 6 * plane, two, four);
  target += plane;
  storeGradient(v04, v14, v24, v34, target, 6 * plane, two, four);
  target += plane;
  storeGradient(v05, v15, v25, v35, target, 6 * plane, two, four);
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

/** A' m A of 16 products, to 2x2 pixels, as `outputTile`. */
// @ts-ignore: decorator
@inline
export function smallOutputTile(source: usize, plane: usize, out: usize, row: usize, pixel: usize): void {
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
  v128.store(out, smallOutput0(v00, v10, v20));
  v128.store(out + pixel, smallOutput1(v10, v20, v30));
  out += row;
  v128.store(out, smallOutput0(v01, v11, v21));
  v128.store(out + pixel, smallOutput1(v11, v21, v31));
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
