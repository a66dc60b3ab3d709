// Matrices are copied into panels before they are multiplied: `width` lines
// interleaved, so that the inner loop reads each operand in order. Lines beyond
// the matrix are zero; what they contribute to a tile is not stored.

/** In-register transpose of four rows of four, stored `step` bytes apart. */
// @ts-ignore: decorator
@inline
function storeTransposed(
  r0: v128,
  r1: v128,
  r2: v128,
  r3: v128,
  to: usize,
  step: usize,
): void {
  const a = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const b = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const c = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const d = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(a, b, 0, 1, 4, 5));
  v128.store(to + step, v128.shuffle<f32>(a, b, 2, 3, 6, 7));
  v128.store(to + 2 * step, v128.shuffle<f32>(c, d, 0, 1, 4, 5));
  v128.store(to + 3 * step, v128.shuffle<f32>(c, d, 2, 3, 6, 7));
}

/**
 * Packs lines of a matrix into panels of `width` (4 or 8) lines.
 *
 * @param lines How many lines there are.
 * @param depth Entries of each line, the index to be summed.
 * @param lineStride Floats from one line to the next.
 * @param depthStride Floats from one entry of a line to the next.
 * @param panelDepth Entries that a panel can hold, at least `depth`; the packed
 * ones come first.
 */
export function packPanels(
  width: i32,
  from: usize,
  lines: i32,
  depth: i32,
  lineStride: i32,
  depthStride: i32,
  to: usize,
  panelDepth: i32,
): void {
  const line = <usize>lineStride << 2;
  const next = <usize>depthStride << 2;
  const step = <usize>width << 2;
  const panelBytes = step * <usize>panelDepth;
  for (let first = 0; first < lines; first += width) {
    const full = lines - first >= width;
    let source = from + <usize>first * line;
    if (full && lineStride == 1) {
      let target = to;
      for (let d = 0; d < depth; d++) {
        v128.store(target, v128.load(source));
        if (width == 8) v128.store(target, v128.load(source, 16), 16);
        source += next;
        target += step;
      }
    } else if (full && depthStride == 1) {
      for (let half = 0; half < width; half += 4) {
        let target = to + (<usize>half << 2);
        let l0 = source + <usize>half * line;
        let l1 = l0 + line, l2 = l1 + line, l3 = l2 + line;
        let d = 0;
        for (; d + 4 <= depth; d += 4) {
          storeTransposed(
            v128.load(l0),
            v128.load(l1),
            v128.load(l2),
            v128.load(l3),
            target,
            step,
          );
          l0 += 16;
          l1 += 16;
          l2 += 16;
          l3 += 16;
          target += 4 * step;
        }
        for (; d < depth; d++) {
          store<f32>(target, load<f32>(l0));
          store<f32>(target, load<f32>(l1), 4);
          store<f32>(target, load<f32>(l2), 8);
          store<f32>(target, load<f32>(l3), 12);
          l0 += 4;
          l1 += 4;
          l2 += 4;
          l3 += 4;
          target += step;
        }
      }
    } else {
      let target = to;
      const inside = min(width, lines - first);
      for (let d = 0; d < depth; d++) {
        let place = source;
        for (let i = 0; i < width; i++) {
          const value: f32 = i < inside ? load<f32>(place) : 0;
          store<f32>(target + (<usize>i << 2), value);
          place += line;
        }
        source += next;
        target += step;
      }
    }
    to += panelBytes;
  }
}
