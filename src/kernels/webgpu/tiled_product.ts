import type { TensorInfo } from "@tensorflow/tfjs";
import type { Binding, KernelHost } from "./kernel_host.ts";
import { sumSlices } from "./sum_slices.ts";
import { chooseTiles, type TilePlan } from "./tile_plan.ts";

/**
 * One factor of a matrix product whose elements are found by code, such as the
 * patches of an image, which are never written out. Element (side, depth): side
 * is the row of the left or the column of the right factor, depth the term of
 * the sum.
 *
 * For a factor `a` the code has three functions. `aSide(i32)` and
 * `aDepth(i32)` return `vec4<i32>`, whatever is worth computing once for all
 * elements of a row, column or term; both are also asked for indices beyond the
 * matrix. `aAt(side, depth)` returns the element, 0 beyond the matrix.
 */
export interface Factor {
  /** The three functions, in WGSL. */
  readonly code: string;
  /**
   * Whether `aAt` returns a `vec4<f32>` of four neighbours along `form`, the
   * first of which has an index that is a multiple of 4.
   */
  readonly vector: boolean;
  /** The direction in which four elements are held as one vector. */
  readonly form: "side" | "depth";
}

/** A matrix product, of factors and into places that code describes. */
export interface Product {
  /** Names the text of all code below. */
  readonly key: string;
  /** Rows, columns, and terms of each sum. */
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  /** Left factor. */
  readonly a: Factor;
  /** Right factor. */
  readonly b: Factor;
  /**
   * `store(row, column, v0, v1, v2, v3)`: keeps rows `row` to `row + 3` of
   * columns `column` to `column + 3`, less those beyond the matrix. None: the
   * product is stored as a matrix in `result`.
   */
  readonly store?: string;
  readonly inputs: Readonly<Record<string, Binding>>;
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
 * A matrix product into places of its own `store`.
 *
 * @param slice Terms that a workgroup sums, all unless told.
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
    code: `${a.code}\n${b.code}\n${product.store}\n${mainCode(tiles, a, b)}`,
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
 * Terms of a slice: so many that the device has work for all its cores, but at
 * least 64, and at most 65,536, as llvmpipe ends any loop after 65,535 rounds.
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

/** The program's `main`: loops, loads and sums, unrolled for a tile plan. */
function mainCode(tiles: TilePlan, a: Factor, b: Factor): string {
  const { rows, columns, across, down, depth } = tiles;
  const blocks = range(columns / 4);
  const sums = range(rows).flatMap((i) => blocks.map((j) => `sum${i}_${j}`));
  const left = inShared(tiles) ? sharedFactor : directFactor;
  const threads = across * down;
  const fa = left("a", a, { own: rows, shared: rows * down, depth, threads });
  const fb = left("b", b, {
    own: columns,
    shared: columns * across,
    depth,
    threads,
  });
  const round = `${fa.load}\n${fb.load}
${
    range(4).map((q) =>
      `{ ${blocks.map((j) => `let right${j} = ${fb.columns(j, q)};`).join(" ")}
${
        range(rows).map((i) =>
          blocks.map((j) => `sum${i}_${j} += ${fa.row(i, q)} * right${j};`)
            .join(" ")
        ).join("\n")
      } }`
    ).join("\n")
  }`;
  const loop = inShared(tiles)
    ? `
  for (var start = first; start < last; start += ${depth}) {
    ${fa.fill}
    ${fb.fill}
    workgroupBarrier();
    for (var k = 0; k < ${depth / 4}; k++) {
      ${round}
    }
    workgroupBarrier();
  }`
    : `
  for (var k = first; k < last; k += 4) {
    ${round}
  }`;
  return `
${fa.shared}
${fb.shared}
fn main(thread : i32, group : vec3<i32>) {
  let firstA = group.y * ${rows * down};
  let firstB = group.x * ${columns * across};
  let ownA = thread / ${across} * ${rows};
  let ownB = thread % ${across} * ${columns};
  let row = firstA + ownA;
  let column = firstB + ownB;
  ${
    inShared(tiles)
      ? ""
      : "if (row >= uniforms.rows || column >= uniforms.columns) { return; }"
  }
  let first = group.z * uniforms.slice;
  let last = min(first + uniforms.slice, uniforms.depth);
  ${fa.sides}
  ${fb.sides}
  ${sums.map((sum) => `var ${sum} = vec4<f32>();`).join(" ")}
  ${loop}
  ${
    range(rows / 4).map((i) =>
      blocks.map((j) =>
        `if (row + ${4 * i} < uniforms.rows && column + ${
          4 * j
        } < uniforms.columns) {
    store(row + ${4 * i}, column + ${4 * j}, group.z, ${
          range(4).map((r) => `sum${4 * i + r}_${j}`).join(", ")
        });
  }`
      ).join("\n  ")
    ).join("\n  ")
  }
}`;
}

function inShared({ depth }: TilePlan): boolean {
  return depth > 0;
}

/** The text by which `main` reads one factor. */
interface FactorCode {
  /** Declares workgroup memory. */
  readonly shared: string;
  /** Computes, before the loop, what does not change in it. */
  readonly sides: string;
  /** Fills the workgroup memory. */
  readonly fill: string;
  /** Loads what a thread needs for four terms. */
  readonly load: string;
  /** Element of row i, term q, as a scalar. */
  row(i: number, q: number): string;
  /** Elements of the j-th four columns, term q, as a vector. */
  columns(j: number, q: number): string;
}

interface FactorSize {
  /** Rows or columns that one thread holds. */
  readonly own: number;
  /** Rows or columns that a workgroup holds. */
  readonly shared: number;
  /** Terms in workgroup memory. */
  readonly depth: number;
  /** Threads of a workgroup. */
  readonly threads: number;
}

/** How loaded vectors, named `aI` or `aQ_I`, are picked apart. */
function elements(name: string, { form }: Factor) {
  const part = (q: number) => ".xyzw"[0]! + "xyzw"[q]!;
  return form === "depth"
    ? {
      row: (i: number, q: number) => `${name}${i}${part(q)}`,
      columns: (j: number, q: number) =>
        `vec4<f32>(${
          range(4).map((c) => `${name}${4 * j + c}${part(q)}`).join(", ")
        })`,
    }
    : {
      row: (i: number, q: number) =>
        `${name}${q}_${Math.floor(i / 4)}${part(i % 4)}`,
      columns: (j: number, q: number) => `${name}${q}_${j}`,
    };
}

/** One vector of a factor, from the names of its sides and depths. */
function fetch(
  name: string,
  { vector, form }: Factor,
  side: (i: number) => string,
  depth: (q: number) => string,
): string {
  if (vector) return `${name}At(${side(0)}, ${depth(0)})`;
  const at = range(4).map((i) =>
    form === "side"
      ? `${name}At(${side(i)}, ${depth(0)})`
      : `${name}At(${side(0)}, ${depth(i)})`
  );
  return `vec4<f32>(${at.join(", ")})`;
}

/** Every thread reads by itself. */
function directFactor(
  name: string,
  factor: Factor,
  { own }: FactorSize,
): FactorCode {
  const upper = name.toUpperCase();
  const needsSide = (i: number) =>
    factor.form === "depth" || !factor.vector || i % 4 === 0;
  const sides = range(own).filter(needsSide).map((i) =>
    `let ${name}Side${i} = ${name}Side(first${upper} + own${upper} + ${i});`
  );
  const depths = range(factor.form === "side" || !factor.vector ? 4 : 1).map(
    (q) => `let ${name}Depth${q} = ${name}Depth(k + ${q});`,
  );
  const side = (i: number) => `${name}Side${i}`;
  const depth = (q: number) => `${name}Depth${q}`;
  const loads = factor.form === "depth"
    ? range(own).map((i) =>
      `let ${name}${i} = ${fetch(name, factor, () => side(i), depth)};`
    )
    : range(4).flatMap((q) =>
      range(own / 4).map((j) =>
        `let ${name}${q}_${j} = ${
          fetch(name, factor, (i) => side(4 * j + i), () => depth(q))
        };`
      )
    );
  return {
    shared: "",
    sides: sides.join("\n"),
    fill: "",
    load: [...depths, ...loads].join("\n"),
    ...elements(name, factor),
  };
}

/** The workgroup reads together, each thread an equal share. */
function sharedFactor(
  name: string,
  factor: Factor,
  { own, shared, depth, threads }: FactorSize,
): FactorCode {
  const upper = name.toUpperCase();
  const tile = `${name}Tile`;
  const isDepth = factor.form === "depth";
  // Vectors of a line of the tile; one more where lines are read across, so
  // that neighbouring threads use different banks.
  const line = isDepth ? depth / 4 : shared / 4;
  const stride = isDepth ? line + 1 : line;
  const lines = isDepth ? shared : depth;
  const step = threads / line;
  const share = range(lines / step);
  const sides = isDepth
    ? share.map((i) =>
      `let ${name}Side${i} = ${name}Side(first${upper} + thread / ${line} + ${
        i * step
      });`
    )
    : range(factor.vector ? 1 : 4).map((i) =>
      `let ${name}Side${i} = ${name}Side(first${upper} + thread % ${line} * 4 + ${i});`
    );
  const term = (i: number) =>
    isDepth
      ? `start + thread % ${line} * 4 + ${i}`
      : `start + thread / ${line} + ${i * step}`;
  const depths = (isDepth ? range(factor.vector ? 1 : 4) : share).map((i) =>
    `let ${name}Depth${i} = ${name}Depth(${term(i)});`
  );
  const fills = share.map((i) =>
    `${tile}[(thread / ${line} + ${
      i * step
    }) * ${stride} + thread % ${line}] = ${
      fetch(
        name,
        factor,
        (j) => `${name}Side${isDepth ? i : j}`,
        (q) => `${name}Depth${isDepth ? q : i}`,
      )
    };`
  );
  const loads = isDepth
    ? range(own).map((i) =>
      `let ${name}${i} = ${tile}[(own${upper} + ${i}) * ${stride} + k];`
    )
    : range(4).flatMap((q) =>
      range(own / 4).map((j) =>
        `let ${name}${q}_${j} = ${tile}[(k * 4 + ${q}) * ${stride} + own${upper} / 4 + ${j}];`
      )
    );
  return {
    shared: `var<workgroup> ${tile} : array<vec4<f32>, ${lines * stride}>;`,
    sides: sides.join("\n"),
    fill: [...depths, ...fills].join("\n"),
    load: loads.join("\n"),
    ...elements(name, factor),
  };
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}
