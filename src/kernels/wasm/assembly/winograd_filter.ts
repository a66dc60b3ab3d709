// Filters of Winograd's F(2x2, 3x3) and F(4x4, 3x3): into their domain and back.
import { packPanels } from "./pack";

/** G of three numbers `from` bytes apart, to six `to` bytes apart. */
function filterLine(source: usize, from: usize, target: usize, to: usize): void {
  const g0 = load<f32>(source);
  const g1 = load<f32>(source + from);
  const g2 = load<f32>(source + 2 * from);
  const even: f32 = (g0 + g2) / 6, odd: f32 = g1 / 6;
  const even2: f32 = g0 / 24 + g2 / 6, odd2: f32 = g1 / 12;
  store<f32>(target, g0 / 4);
  store<f32>(target + to, -even - odd);
  store<f32>(target + 2 * to, odd - even);
  store<f32>(target + 3 * to, even2 + odd2);
  store<f32>(target + 4 * to, even2 - odd2);
  store<f32>(target + 5 * to, g2);
}

/** G of F(2, 3): three numbers `from` bytes apart, to four `to` bytes apart. */
function smallFilterLine(source: usize, from: usize, target: usize, to: usize): void {
  const g0 = load<f32>(source);
  const g1 = load<f32>(source + from);
  const g2 = load<f32>(source + 2 * from);
  store<f32>(target, g0);
  store<f32>(target + to, (g0 + g1 + g2) / 2);
  store<f32>(target + 2 * to, (g0 - g1 + g2) / 2);
  store<f32>(target + 3 * to, g2);
}

/** G' of six numbers `from` bytes apart, to three `to` bytes apart. */
function filterLineBack(source: usize, from: usize, target: usize, to: usize): void {
  const m1 = load<f32>(source + from), m2 = load<f32>(source + 2 * from);
  const m3 = load<f32>(source + 3 * from), m4 = load<f32>(source + 4 * from);
  const near: f32 = (m1 + m2) / 6;
  store<f32>(target, load<f32>(source) / 4 - near + (m3 + m4) / 24);
  store<f32>(target + to, (m2 - m1) / 6 + (m3 - m4) / 12);
  store<f32>(target + 2 * to, (m3 + m4) / 6 - near + load<f32>(source + 5 * from));
}

/** Columns of a packed filter: few outputs take tall tiles instead of wide ones. */
// @ts-ignore: decorator
@inline
export function panelWidth(outChannels: i32): i32 {
  return outChannels <= 4 ? 4 : 8;
}

/**
 * Transforms and packs 3x3 filters [3, 3, channels, outChannels].
 *
 * @param side Outputs along the side of a tile, 2 or 4.
 * @param flipped For the input gradient: turned, inputs and outputs exchanged.
 * @param panels (side + 2)^2 times the panels of 8 columns (4 if there are no more) by
 * the summed channels.
 * @param work Scratch for 36 * channels * outChannels + 18 floats.
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
  const points = side + 2;
  // Lines of three: one filter transformed along y.
  const lines = work + 36 * step;
  // Turned by half a circle: from the last tap backwards.
  const first = flipped ? filter + 8 * step : filter;
  const next = flipped ? 0 - step : step;
  for (let i = 0; i < pairs; i++) {
    const source = first + (<usize>i << 2);
    for (let x: usize = 0; x < 3; x++) {
      const tap = source + x * next;
      if (side == 2) smallFilterLine(tap, 3 * next, lines + (x << 2), 12);
      else filterLine(tap, 3 * next, lines + (x << 2), 12);
    }
    for (let y = 0; y < points; y++) {
      const line = lines + <usize>y * 12;
      const target = work + (<usize>i << 2) + <usize>(y * points) * step;
      if (side == 2) smallFilterLine(line, 4, target, step);
      else filterLine(line, 4, target, step);
    }
  }
  const summed = flipped ? outChannels : channels;
  const columns = flipped ? channels : outChannels;
  const width = panelWidth(columns);
  const bytes = <usize>((columns + width - 1) / width * width * summed) << 2;
  for (let p = 0; p < points * points; p++) {
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
 * @param sums Planes of `plane` bytes, at least `bytes`.
 * @param work Scratch for 18 floats.
 */
export function winogradFilterBack(
  sums: usize,
  plane: usize,
  dw: usize,
  bytes: usize,
  work: usize,
): void {
  for (let i: usize = 0; i < bytes; i += 4) {
    for (let q: usize = 0; q < 6; q++) {
      filterLineBack(sums + i + q * plane, 6 * plane, work + (q << 2), 24);
    }
    for (let k: usize = 0; k < 3; k++) {
      filterLineBack(work + k * 24, 4, dw + i + 3 * k * bytes, bytes);
    }
  }
}
