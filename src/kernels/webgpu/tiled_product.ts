import type { TensorInfo } from "@tensorflow/tfjs";
import type { Factor } from "./factor.ts";
import type { Binding, KernelHost } from "./kernel_host.ts";
import { sumSlices } from "./sum_slices.ts";
import { chooseTiles, type TilePlan } from "./tile_plan.ts";
import { tileCode } from "./tile_code.ts";

/** A matrix product whose factors, and whose results, code reads and stores. */
export interface Product {
  /** Names the text of all code below. */
  readonly key: string;
  /** Rows of the result. */
  readonly rows: number;
  /** Columns of the result. */
  readonly columns: number;
  /** Terms of each sum. */
  readonly depth: number;
  /** Left factor. */
  readonly a: Factor;
  /** Right factor. */
  readonly b: Factor;
  /**
   * `store(row, column, slice, v0, v1, v2, v3)`: stores rows `row` to `row + 3` of
   * columns `column` to `column + 3`, except those beyond the matrix. If absent,
   * the product is stored as a matrix in `result`.
   */
  readonly store?: string;
  /** Arrays that the factors read. */
  readonly inputs: Readonly<Record<string, Binding>>;
  /** Integers that the code of the factors reads from `uniforms`. */
  readonly integers: Readonly<Record<string, readonly number[]>>;
}

/**
 * A matrix product into a new tensor. Long sums are cut into slices, which a
 * second program adds in order: nothing is added atomically, and the order of
 * summation depends on the shapes and the tile plan alone.
 */
export function multiply(
  host: KernelHost,
  product: Product,
  shape: readonly number[],
): TensorInfo {
  const { rows, columns, depth } = product;
  if (rows * columns === 0 || depth === 0) return host.zeros(shape);
  const tiles = chooseTiles(host.tiles, columns);
  const slice = sliceDepth(tiles, product);
  const slices = Math.ceil(depth / slice);
  const vector = columns % 4 === 0;
  const result = host.output(slices === 1 ? shape : [slices, rows, columns]);
  multiplyInto(
    host,
    {
      ...product,
      key: `${product.key}_${vector}`,
      store: vector ? storeVectors : storeScalars,
    },
    { result: [result, vector ? "vec4<f32>" : "f32"] },
    slice,
  );
  if (slices === 1) return result;
  const sum = sumSlices(host, result, shape);
  host.dispose(result);
  return sum;
}

/**
 * A matrix product that its own `store` writes.
 *
 * @param slice Terms that a workgroup sums, all by default.
 */
export function multiplyInto(
  host: KernelHost,
  product: Product,
  outputs: Readonly<Record<string, Binding>>,
  slice: number = product.depth,
): void {
  const { key, rows, columns, depth, a, b, inputs, integers } = product;
  const tiles = chooseTiles(host.tiles, columns);
  const { across, down } = tiles;
  host.run({
    key: [key, tiles.name, a.vector, b.vector].join("_"),
    code: `${a.code}\n${b.code}\n${product.store}\n${tileCode(tiles, a, b)}`,
    inputs,
    outputs,
    integers: {
      ...integers,
      rows: [rows],
      columns: [columns],
      depth: [depth],
      slice: [slice],
    },
    threads: across * down,
    workgroups: [
      Math.ceil(columns / (across * tiles.columns)),
      Math.ceil(rows / (down * tiles.rows)),
      Math.ceil(depth / slice),
    ],
  });
}

/**
 * Terms of a slice: as many as leave the device work for all its cores, but at
 * least 64, and at most 65,536, since llvmpipe ends any loop after 65,535
 * iterations.
 */
function sliceDepth(tiles: TilePlan, product: Product): number {
  const { rows, columns, depth } = product;
  const groups = Math.ceil(rows / (tiles.down * tiles.rows)) *
    Math.ceil(columns / (tiles.across * tiles.columns));
  const slices = Math.max(1, Math.floor(tiles.workgroups / groups));
  const wanted = Math.ceil(depth / slices / 64) * 64;
  return Math.min(Math.max(wanted, 64), 65536);
}

const storeVectors = `
fn store(row : i32, column : i32, slice : i32, v0 : vec4<f32>, v1 : vec4<f32>,
         v2 : vec4<f32>, v3 : vec4<f32>) {
  let columns = uniforms.columns / 4;
  let at = (slice * uniforms.rows + row) * columns + column / 4;
  result[at] = v0;
  if (row + 1 < uniforms.rows) { result[at + columns] = v1; }
  if (row + 2 < uniforms.rows) { result[at + 2 * columns] = v2; }
  if (row + 3 < uniforms.rows) { result[at + 3 * columns] = v3; }
}`;

const storeScalars = `
fn storeRow(row : i32, column : i32, slice : i32, v : vec4<f32>) {
  if (row >= uniforms.rows) { return; }
  let at = (slice * uniforms.rows + row) * uniforms.columns + column;
  result[at] = v.x;
  if (column + 1 < uniforms.columns) { result[at + 1] = v.y; }
  if (column + 2 < uniforms.columns) { result[at + 2] = v.z; }
  if (column + 3 < uniforms.columns) { result[at + 3] = v.w; }
}
fn store(row : i32, column : i32, slice : i32, v0 : vec4<f32>, v1 : vec4<f32>,
         v2 : vec4<f32>, v3 : vec4<f32>) {
  storeRow(row, column, slice, v0);
  storeRow(row + 1, column, slice, v1);
  storeRow(row + 2, column, slice, v2);
  storeRow(row + 3, column, slice, v3);
}`;
