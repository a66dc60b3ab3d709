// Filters of Winograd's F(2x2, 3x3) and F(4x4, 3x3): into their domain and back.
import { readLanes, writeLanes } from "./lanes";
import { packPanels } from "./pack";

/** G of three numbers, to six `to` bytes apart. */
// @ts-ignore: decorator
@inline
function storeLine(g0: v128, g1: v128, g2: v128, target: usize, to: usize, wide: bool): void {
  const six = f32x4.splat(6);
  const even = f32x4.div(f32x4.add(g0, g2), six), odd = f32x4.div(g1, six);
  const even2 = f32x4.add(f32x4.div(g0, f32x4.splat(24)), f32x4.div(g2, six));
  const odd2 = f32x4.div(g1, f32x4.splat(12));
  writeLanes(target, f32x4.div(g0, f32x4.splat(4)), wide);
  writeLanes(target += to, f32x4.sub(f32x4.neg(even), odd), wide);
  writeLanes(target += to, f32x4.sub(odd, even), wide);
  writeLanes(target += to, f32x4.add(even2, odd2), wide);
  writeLanes(target += to, f32x4.sub(even2, odd2), wide);
  writeLanes(target += to, g2, wide);
}

/** G of F(2, 3): three numbers, to four `to` bytes apart. */
// @ts-ignore: decorator
@inline
function storeSmallLine(g0: v128, g1: v128, g2: v128, target: usize, to: usize, wide: bool): void {
  const two = f32x4.splat(2);
  writeLanes(target, g0, wide);
  writeLanes(target += to, f32x4.div(f32x4.add(f32x4.add(g0, g1), g2), two), wide);
  writeLanes(target += to, f32x4.div(f32x4.add(f32x4.sub(g0, g1), g2), two), wide);
  writeLanes(target += to, g2, wide);
}

/** G' of six vectors `from` bytes apart, to three `to` bytes apart. */
// @ts-ignore: decorator
@inline
function filterLineBack(source: usize, from: usize, target: usize, to: usize): void {
  const m0 = v128.load(source), m1 = v128.load(source += from), m2 = v128.load(source += from);
  const m3 = v128.load(source += from), m4 = v128.load(source += from), m5 = v128.load(source += from);
  const six = f32x4.splat(6);
  const near = f32x4.div(f32x4.add(m1, m2), six);
  const far = f32x4.add(m3, m4);
  v128.store(target, f32x4.add(f32x4.sub(f32x4.div(m0, f32x4.splat(4)), near), f32x4.div(far, f32x4.splat(24))));
  v128.store(
    target += to,
    f32x4.add(f32x4.div(f32x4.sub(m2, m1), six), f32x4.div(f32x4.sub(m3, m4), f32x4.splat(12))),
  );
  v128.store(target += to, f32x4.add(f32x4.sub(f32x4.div(far, six), near), m5));
}

/** G g G' of four filters, or of one, `next` bytes from tap to tap, to planes `plane` bytes apart. */
// @ts-ignore: decorator
@inline
function filterTile(side: i32, source: usize, next: isize, target: usize, plane: usize, lines: usize, wide: bool): void {
  for (let x: usize = 0; x < 3; x++) {
    const g0 = readLanes(source, wide);
    const g1 = readLanes(source + 3 * next, wide);
    const g2 = readLanes(source + 6 * next, wide);
    if (side == 2) storeSmallLine(g0, g1, g2, lines + (x << 4), 48, true);
    else storeLine(g0, g1, g2, lines + (x << 4), 48, true);
    source += next;
  }
  for (let y = 0; y < side + 2; y++) {
    const g0 = v128.load(lines), g1 = v128.load(lines, 16), g2 = v128.load(lines, 32);
    if (side == 2) storeSmallLine(g0, g1, g2, target, plane, wide);
    else storeLine(g0, g1, g2, target, plane, wide);
    target += <usize>(side + 2) * plane;
    lines += 48;
  }
}

/** Columns of a packed filter: few outputs take tall tiles instead of wide ones. */
// @ts-ignore: decorator
@inline
export function panelWidth(outChannels: i32): i32 {
  return outChannels <= 4 ? 4 : 8;
}

/**
 * Bytes from one plane of packed filters to the next: one cache line more than
 * they have, so that the entries of a filter do not fall into one set of the cache.
 */
// @ts-ignore: decorator
@inline
export function filterPlaneBytes(channels: i32, outChannels: i32): usize {
  const width = panelWidth(outChannels);
  return (<usize>((outChannels + width - 1) / width * width * channels) << 2) + 64;
}

/**
 * Transforms and packs 3x3 filters [3, 3, channels, outChannels].
 *
 * @param side Outputs along the side of a tile, 2 or 4.
 * @param flipped For the input gradient: turned, inputs and outputs exchanged.
 * @param panels (side + 2)^2 times the panels of 8 columns (4 if there are no more) by
 * the summed channels, `filterPlaneBytes` apart.
 * @param work Scratch for 36 * channels * outChannels + 72 floats.
 */
export function winogradFilter(
  side: i32,
  filter: usize,
  channels: i32,
  outChannels: i32,
  flipped: bool,
  panels: usize,
  work: usize,
): void {
  const pairs = channels * outChannels;
  const step = <usize>pairs << 2;
  const summed = flipped ? outChannels : channels;
  const columns = flipped ? channels : outChannels;
  const width = panelWidth(columns);
  const bytes = filterPlaneBytes(summed, columns);
  // Lines of three: four filters transformed along y.
  const lines = work + 36 * step;
  if (columns % 8 == 0) {
    // Taps are packed, so that what becomes of four neighbours is in its panels.
    for (let tap: usize = 0; tap < 9; tap++) {
      packPanels(
        8,
        filter + (flipped ? 8 - tap : tap) * step,
        columns,
        summed,
        flipped ? outChannels : 1,
        flipped ? 1 : outChannels,
        work + tap * step,
        summed,
      );
    }
    for (let at: usize = 0; at < step; at += 16) {
      filterTile(side, work + at, <isize>step, panels + at, bytes, lines, true);
    }
    return;
  }
  // Turned by half a circle: from the last tap backwards.
  const first = flipped ? filter + 8 * step : filter;
  const next = flipped ? -<isize>step : <isize>step;
  let i = 0;
  for (; i + 4 <= pairs; i += 4) filterTile(side, first + (<usize>i << 2), next, work + (<usize>i << 2), step, lines, true);
  for (; i < pairs; i++) filterTile(side, first + (<usize>i << 2), next, work + (<usize>i << 2), step, lines, false);
  for (let p = 0; p < (side + 2) * (side + 2); p++) {
    packPanels(
      width,
      work + <usize>p * step,
      columns,
      summed,
      flipped ? outChannels : 1,
      flipped ? 1 : outChannels,
      panels + <usize>p * bytes,
      summed,
    );
  }
}

/**
 * Transforms 36 sums back to 3x3 taps of `bytes` each.
 *
 * @param sums Planes of `plane` bytes, at least `bytes`, a multiple of 16.
 * @param work Scratch for 72 floats.
 */
export function winogradFilterBack(
  sums: usize,
  plane: usize,
  dw: usize,
  bytes: usize,
  work: usize,
): void {
  for (let i: usize = 0; i < bytes; i += 16) {
    for (let q: usize = 0; q < 6; q++) {
      filterLineBack(sums + i + q * plane, 6 * plane, work + (q << 4), 96);
    }
    for (let k: usize = 0; k < 3; k++) {
      filterLineBack(work + k * 96, 16, dw + i + 3 * k * bytes, bytes);
    }
  }
}
