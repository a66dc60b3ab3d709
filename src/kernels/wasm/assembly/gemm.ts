// Matrix products by blocks (Goto and van de Geijn 2008, ACM TOMS 34(3)): a
// block of `b` is packed to fit the L2 cache, its panels fit the L1 cache, and
// blocks of `a` are read one after another. The block sizes are constants, so
// the order of summation is a function of the shapes.
import { microPanels, storeTile } from "./micro";
import { packPanels } from "./pack";

const ROWS: i32 = 64;
const COLUMNS: i32 = 256;
const DEPTH: i32 = 256;

/** Bytes of scratch that `gemm` needs, whatever the shapes. */
export function gemmScratch(): i32 {
  return (ROWS * DEPTH + COLUMNS * DEPTH + 32) * 4;
}

/** c[rows, columns] = or += panels(a) panels(b). */
export function multiplyPanels(
  a: usize,
  b: usize,
  rows: i32,
  columns: i32,
  depth: i32,
  c: usize,
  rowBytes: usize,
  add: bool,
  tile: usize,
): void {
  const aBytes = <usize>depth << 4;
  const bBytes = <usize>depth << 5;
  for (let j = 0; j < columns; j += 8) {
    let panel = a;
    let target = c + (<usize>j << 2);
    for (let i = 0; i < rows; i += 4) {
      if (rows - i >= 4 && columns - j >= 8) {
        microPanels(panel, b, depth, target, rowBytes, add);
      } else {
        microPanels(panel, b, depth, tile, 32, false);
        storeTile(tile, min(4, rows - i), min(8, columns - j), target, rowBytes, add);
      }
      panel += aBytes;
      target += rowBytes << 2;
    }
    b += bBytes;
  }
}

/**
 * c[n] = a[k] b[k, n], where packing would cost more than the product; each sum
 * is that of `gemm`, to the bit.
 */
function multiplyRow(n: i32, k: i32, a: usize, aColumn: i32, b: usize, bRow: i32, c: usize): void {
  const aStep = <usize>aColumn << 2, bStep = <usize>bRow << 2;
  for (let k0 = 0; k0 < k; k0 += DEPTH) {
    const depth = min(DEPTH, k - k0);
    const add = k0 > 0;
    let j = 0;
    for (; j + 16 <= n; j += 16) {
      const at = c + (<usize>j << 2);
      let c0 = f32x4.splat(0), c1 = c0, c2 = c0, c3 = c0;
      let from = a, row = b + (<usize>j << 2);
      for (let i = 0; i < depth; i++) {
        const t = v128.load32_splat(from);
        c0 = f32x4.add(c0, f32x4.mul(t, v128.load(row)));
        c1 = f32x4.add(c1, f32x4.mul(t, v128.load(row, 16)));
        c2 = f32x4.add(c2, f32x4.mul(t, v128.load(row, 32)));
        c3 = f32x4.add(c3, f32x4.mul(t, v128.load(row, 48)));
        from += aStep;
        row += bStep;
      }
      v128.store(at, add ? f32x4.add(v128.load(at), c0) : c0);
      v128.store(at, add ? f32x4.add(v128.load(at, 16), c1) : c1, 16);
      v128.store(at, add ? f32x4.add(v128.load(at, 32), c2) : c2, 32);
      v128.store(at, add ? f32x4.add(v128.load(at, 48), c3) : c3, 48);
    }
    for (; j < n; j++) {
      const at = c + (<usize>j << 2);
      let sum: f32 = 0;
      let from = a, row = b + (<usize>j << 2);
      for (let i = 0; i < depth; i++) {
        sum += load<f32>(from) * load<f32>(row);
        from += aStep;
        row += bStep;
      }
      store<f32>(at, add ? load<f32>(at) + sum : sum);
    }
    a += <usize>depth * aStep;
    b += <usize>depth * bStep;
  }
}

/**
 * c = a b for matrices with any strides (in floats), so that transposes cost
 * nothing extra; `c` is dense, shape [m, n].
 */
export function gemm(
  m: i32,
  n: i32,
  k: i32,
  a: usize,
  aRow: i32,
  aColumn: i32,
  b: usize,
  bRow: i32,
  bColumn: i32,
  c: usize,
  scratch: usize,
): void {
  if (k == 0) memory.fill(c, 0, <usize>m * <usize>n << 2);
  if (m == 1 && bColumn == 1) {
    multiplyRow(n, k, a, aColumn, b, bRow, c);
    return;
  }
  const aPanels = scratch;
  const bPanels = aPanels + <usize>(ROWS * DEPTH * 4);
  const tile = bPanels + <usize>(COLUMNS * DEPTH * 4);
  const rowBytes = <usize>n << 2;
  for (let k0 = 0; k0 < k; k0 += DEPTH) {
    const depth = min(DEPTH, k - k0);
    for (let j0 = 0; j0 < n; j0 += COLUMNS) {
      const columns = min(COLUMNS, n - j0);
      const bBlock = b + (<usize>(k0 * bRow + j0 * bColumn) << 2);
      packPanels(8, bBlock, columns, depth, bColumn, bRow, bPanels, depth);
      for (let i0 = 0; i0 < m; i0 += ROWS) {
        const rows = min(ROWS, m - i0);
        const aBlock = a + (<usize>(i0 * aRow + k0 * aColumn) << 2);
        packPanels(4, aBlock, rows, depth, aRow, aColumn, aPanels, depth);
        multiplyPanels(
          aPanels,
          bPanels,
          rows,
          columns,
          depth,
          c + <usize>i0 * rowBytes + (<usize>j0 << 2),
          rowBytes,
          k0 > 0,
          tile,
        );
      }
    }
  }
}
