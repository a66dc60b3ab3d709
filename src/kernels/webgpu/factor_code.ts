import type { Factor } from "./factor.ts";

/** The WGSL by which `main` reads one factor. */
export interface FactorCode {
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

/** Sizes of the part of a factor that threads and workgroups hold. */
export interface FactorSize {
  /** Rows or columns that one thread holds. */
  readonly own: number;
  /** Rows or columns that a workgroup holds. */
  readonly shared: number;
  /** Terms in workgroup memory. */
  readonly depth: number;
  /** Threads of a workgroup. */
  readonly threads: number;
}

/** How elements are taken from loaded vectors, named `aI` or `aQ_I`. */
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

/** A factor of which every thread reads what it needs. */
export function directFactor(
  name: string,
  factor: Factor,
  { own }: FactorSize,
): FactorCode {
  const upper = name.toUpperCase();
  const needsSide = (i: number) =>
    factor.form === "depth" || !factor.vector || i % 4 === 0;
  // Rows are loaded in fours, also by a plan for one row.
  const sideCount = factor.form === "side" ? Math.ceil(own / 4) * 4 : own;
  const sides = range(sideCount).filter(needsSide).map((i) =>
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
      range(Math.ceil(own / 4)).map((j) =>
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

/** A factor that the workgroup reads together, each thread an equal share. */
export function sharedFactor(
  name: string,
  factor: Factor,
  { own, shared, depth, threads }: FactorSize,
): FactorCode {
  const upper = name.toUpperCase();
  const tile = `${name}Tile`;
  const isDepth = factor.form === "depth";
  // Vectors per line of the tile; one more where lines are read across, so that
  // neighbouring threads use different banks.
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

/** The integers from 0 below `length`. */
export function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}
