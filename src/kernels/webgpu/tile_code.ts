import { MOST_WORKGROUPS } from "./elementwise.ts";
import type { Factor } from "./factor.ts";
import { directFactor, range, sharedFactor } from "./factor_code.ts";
import type { TilePlan } from "./tile_plan.ts";

/**
 * The `main` of a product: loops, loads and sums, unrolled for a tile plan.
 *
 * @param options `isFolded`: whether there are more rows of workgroups than a
 * device allows in one direction. The rows are then divided into folds, and
 * `group.z` is the index of the fold times `uniforms.slices` plus that of the slice.
 */
export function tileCode(
  tiles: TilePlan,
  a: Factor,
  b: Factor,
  { isFolded }: { isFolded: boolean },
): string {
  const { rows, columns, across, down, depth } = tiles;
  const [place, slice] = isFolded
    ? [`(group.y + fold * ${MOST_WORKGROUPS})`, "slice"]
    : ["group.y", "group.z"];
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
  ${
    isFolded
      ? `let fold = group.z / uniforms.slices;
  let slice = group.z - fold * uniforms.slices;
  `
      : ""
  }let firstA = ${place} * ${rows * down};
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
  let first = ${slice} * uniforms.slice;
  let last = min(first + uniforms.slice, uniforms.depth);
  ${fa.sides}
  ${fb.sides}
  ${sums.map((sum) => `var ${sum} = vec4<f32>();`).join(" ")}
  ${loop}
  ${
    range(Math.ceil(rows / 4)).map((i) =>
      blocks.map((j) =>
        `if (row + ${4 * i} < uniforms.rows && column + ${
          4 * j
        } < uniforms.columns) {
    store(row + ${4 * i}, column + ${4 * j}, ${slice}, ${
          range(4).map((r) =>
            4 * i + r < rows ? `sum${4 * i + r}_${j}` : "vec4<f32>()"
          ).join(", ")
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
