import type { TensorInfo } from "@tensorflow/tfjs";
import { MOST_WORKGROUPS } from "./elementwise.ts";
import { type Epilogue, plainSum } from "./epilogue.ts";
import type { Factor } from "./factor.ts";
import type { KernelHost } from "./kernel_host.ts";
import type { Binding, Program } from "./program.ts";
import { stripProgram, type Strips } from "./strip_code.ts";
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
  /** The product as a convolution by strips, where it can be one. */
  readonly strips?: Strips | undefined;
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
  epilogue: Epilogue = plainSum,
): TensorInfo {
  const { rows, columns, depth } = product;
  if (rows * columns === 0) return host.zeros(shape);
  if (depth === 0) {
    const zeros = host.zeros([1, rows, columns]);
    return sumSlices(host, zeros, shape, epilogue);
  }
  const tiles = chooseTiles(host.tiles, product);
  const slice = byStrips(tiles, product) ? depth : sliceDepth(tiles, product);
  const slices = Math.ceil(depth / slice);
  const vector = columns % 4 === 0;
  const type = vector ? "vec4<f32>" : "f32";
  const result = host.output(slices === 1 ? shape : [slices, rows, columns]);
  const { key, code, inputs } = slices === 1 ? epilogue : plainSum;
  multiplyInto(
    host,
    {
      ...product,
      key: `${product.key}_${vector}_${key}`,
      inputs: {
        ...product.inputs,
        ...Object.fromEntries(
          Object.entries(inputs).map(([name, tensor]) =>
            [name, [tensor, type]] as const
          ),
        ),
      },
      store: `
${code}
${vector ? storeVectors : storeScalars}`,
    },
    { result: [result, type] },
    { slice, values: type, gives: "result" },
  );
  if (slices === 1) return result;
  const sum = sumSlices(host, result, shape, epilogue);
  host.dispose(result);
  return sum;
}

/**
 * A matrix product that its own `store` writes.
 *
 * @param options `slice`: terms that a workgroup sums, all by default; `values`
 * and `gives` of the program.
 */
export function multiplyInto(
  host: KernelHost,
  product: Product,
  outputs: Readonly<Record<string, Binding>>,
  { slice = product.depth, ...result }:
    & { slice?: number }
    & Pick<Program, "values" | "gives"> = {},
): void {
  const { key, rows, columns, depth, a, b, inputs, integers } = product;
  const tiles = chooseTiles(host.tiles, product);
  const { across, down } = tiles;
  if (byStrips(tiles, product)) {
    const { main, ...program } = stripProgram(
      product.strips!,
      tiles.columns,
      columns,
    );
    host.run({
      ...program,
      key: `${key}_${program.key}`,
      code: () => `${product.store}\n${main()}`,
      inputs,
      outputs,
      ...result,
    });
    return;
  }
  const groups = Math.ceil(rows / (down * tiles.rows));
  const slices = Math.ceil(depth / slice);
  const isFolded = groups > MOST_WORKGROUPS;
  const main = () => tileCode(tiles, a, b, { isFolded });
  host.run({
    key: [
      key,
      tiles.name,
      a.vector,
      b.vector,
      ...(isFolded ? ["folded"] : []),
    ].join("_"),
    code: () => `${a.code}\n${b.code}\n${product.store}\n${main()}`,
    inputs,
    outputs,
    integers: {
      ...integers,
      rows: [rows],
      columns: [columns],
      depth: [depth],
      slice: [slice],
      ...(isFolded && { slices: [slices] }),
    },
    threads: across * down,
    workgroups: [
      Math.ceil(columns / (across * tiles.columns)),
      Math.min(groups, MOST_WORKGROUPS),
      slices * Math.ceil(groups / MOST_WORKGROUPS),
    ],
    ...result,
  });
}

function byStrips(tiles: TilePlan, { strips }: Product): boolean {
  return tiles.strips === true && strips !== undefined;
}

/**
 * Terms of a slice: as many as leave the device work for all its cores, but at
 * least 64, and at most 65,536, since llvmpipe ends any loop after 65,535
 * iterations. So many that another program, to add slices, costs more than it
 * saves, are one slice.
 */
function sliceDepth(tiles: TilePlan, product: Product): number {
  const { rows, columns, depth } = product;
  const { inOne = 128 } = tiles;
  if (depth <= inOne) return depth;
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
  let i = column / 4;
  let at = (slice * uniforms.rows + row) * columns + i;
  result[at] = finish(v0, i);
  if (row + 1 < uniforms.rows) { result[at + columns] = finish(v1, i); }
  if (row + 2 < uniforms.rows) { result[at + 2 * columns] = finish(v2, i); }
  if (row + 3 < uniforms.rows) { result[at + 3 * columns] = finish(v3, i); }
}`;

const storeScalars = `
fn storeRow(row : i32, column : i32, slice : i32, v : vec4<f32>) {
  if (row >= uniforms.rows) { return; }
  let at = (slice * uniforms.rows + row) * uniforms.columns + column;
  result[at] = finish(v.x, column);
  if (column + 1 < uniforms.columns) { result[at + 1] = finish(v.y, column + 1); }
  if (column + 2 < uniforms.columns) { result[at + 2] = finish(v.z, column + 2); }
  if (column + 3 < uniforms.columns) { result[at + 3] = finish(v.w, column + 3); }
}
fn store(row : i32, column : i32, slice : i32, v0 : vec4<f32>, v1 : vec4<f32>,
         v2 : vec4<f32>, v3 : vec4<f32>) {
  storeRow(row, column, slice, v0);
  storeRow(row + 1, column, slice, v1);
  storeRow(row + 2, column, slice, v2);
  storeRow(row + 3, column, slice, v3);
}`;
