import type { TensorInfo } from "@tensorflow/tfjs";
import type { KernelHost } from "./kernel_host.ts";

/** A reduction of the rows of a matrix to two numbers for each column. */
export interface RowReduction {
  /** Names the code. */
  readonly key: string;
  /** Rows, above 0. */
  readonly rows: number;
  /** Columns of the matrices, which are channels. */
  readonly columns: number;
  /** Matrices `[rows, columns]` and vectors `[columns]`, elements of `Value`. */
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  /** Two vectors `[columns]`, which `finish` writes. */
  readonly outputs: Readonly<Record<string, TensorInfo>>;
  readonly floats?: Readonly<Record<string, number>>;
  /**
   * `partOf(column : i32, first : i32, last : i32) -> Pair`, in WGSL: reduces a
   * few rows, at indices `row * uniforms.columns + column` of a matrix.
   */
  readonly code: string;
  /**
   * `join(a : Pair, countA : i32, b : Pair, countB : i32) -> Pair`: joins rows and
   * those that follow them, counts above 0; and `finish(column : i32, all : Pair)`,
   * which writes the outputs.
   */
  readonly finish: string;
  /** Vectors `[columns]` that `finish` reads. */
  readonly finishInputs?: Readonly<Record<string, TensorInfo>>;
}

/** Rows that a thread reduces first. */
const run = 32;
const threads = 64;

/**
 * Reduces rows in two programs: threads reduce runs of 32 rows, then for each
 * column (or four) a workgroup joins the runs, first those of each thread in
 * order, then those of all threads in order. Nothing is added atomically, and
 * the order depends on the shape alone.
 *
 * Two programs rather than one, because a workgroup for each four columns would
 * leave most of a graphics processor idle: batch norms have 16 to 128 of them.
 */
export function reduceRows(host: KernelHost, work: RowReduction): void {
  const { key, rows, columns, inputs, outputs, floats = {}, code } = work;
  const vector = columns % 4 === 0;
  const type = vector ? "vec4<f32>" : "f32";
  const across = vector ? columns / 4 : columns;
  const runs = Math.ceil(rows / run);
  const bind = (tensors: Readonly<Record<string, TensorInfo>>) =>
    Object.fromEntries(
      Object.entries(tensors).map(([name, tensor]) =>
        [name, [tensor, type]] as const
      ),
    );
  const partial = {
    firsts: host.output([runs, columns]),
    seconds: host.output([runs, columns]),
  };
  const groups = Math.ceil(runs * across / threads);
  const wide = Math.min(groups, 65535);
  const types = valueTypes(vector);
  host.run({
    key: `${key}_runs_${type}`,
    code: `${types}
${code}
fn main(thread : i32, group : vec3<i32>) {
  let i = (group.y * uniforms.wide + group.x) * ${threads} + thread;
  if (i >= uniforms.runs * uniforms.columns) { return; }
  let part = i / uniforms.columns;
  let first = part * ${run};
  let pair = partOf(i - part * uniforms.columns, first,
                    min(first + ${run}, uniforms.rows));
  firsts[i] = pair.first;
  seconds[i] = pair.second;
}`,
    inputs: bind(inputs),
    outputs: bind(partial),
    integers: {
      rows: [rows],
      columns: [across],
      runs: [runs],
      wide: [wide],
    },
    floats,
    threads,
    workgroups: [wide, Math.ceil(groups / wide), 1],
  });
  host.run({
    key: `${key}_join_${type}`,
    code: `${types}
${work.finish}
var<workgroup> pairs : array<Pair, ${threads}>;
// Rows of all runs before this one.
fn rowsBefore(part : i32) -> i32 {
  return min(part * ${run}, uniforms.rows);
}
fn main(thread : i32, group : vec3<i32>) {
  let column = group.x;
  let share = (uniforms.runs + ${threads - 1}) / ${threads};
  let first = thread * share;
  let last = min(first + share, uniforms.runs);
  if (first < last) {
    var at = first * uniforms.columns + column;
    var pair = Pair(firsts[at], seconds[at]);
    for (var part = first + 1; part < last; part++) {
      at += uniforms.columns;
      pair = join(pair, rowsBefore(part) - rowsBefore(first),
                  Pair(firsts[at], seconds[at]),
                  rowsBefore(part + 1) - rowsBefore(part));
    }
    pairs[thread] = pair;
  }
  workgroupBarrier();
  if (thread != 0) { return; }
  var all = pairs[0];
  for (var other = 1; other * share < uniforms.runs; other++) {
    let begin = other * share;
    let end = min(begin + share, uniforms.runs);
    all = join(all, rowsBefore(begin), pairs[other],
               rowsBefore(end) - rowsBefore(begin));
  }
  finish(column, all);
}`,
    inputs: { ...bind(partial), ...bind(work.finishInputs ?? {}) },
    outputs: bind(outputs),
    integers: { rows: [rows], columns: [across], runs: [runs] },
    floats,
    threads,
    workgroups: [across, 1, 1],
  });
  Object.values(partial).forEach(host.dispose);
}

/** `Value`, `Flags`, `isNan` as in `elementwise`, and `Pair`. */
function valueTypes(vector: boolean): string {
  return `
alias Value = ${vector ? "vec4<f32>" : "f32"};
alias Flags = ${vector ? "vec4<bool>" : "bool"};
alias Bits = ${vector ? "vec4<u32>" : "u32"};
fn isNan(value : Value) -> Flags {
  return (bitcast<Bits>(value) & Bits(0x7fffffffu)) > Bits(0x7f800000u);
}
struct Pair { first : Value, second : Value }`;
}
