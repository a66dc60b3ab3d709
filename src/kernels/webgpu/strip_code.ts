import { MOST_WORKGROUPS } from "./elementwise.ts";
import { range } from "./factor_code.ts";

/** Pixels of a strip, along its two lines. */
export const STRIP_WIDTH = 8;
/** Lines of a strip. */
export const STRIP_HEIGHT = 2;
/** Strips that a workgroup computes. */
export const STRIP_THREADS = 8;

/**
 * A convolution of stride 1 whose threads each compute strips of two lines, so
 * that a pixel of the source is loaded once for all columns of the filter.
 *
 * The code has the functions of a `stripSource` named `strip`, and
 * `stripFilter(row : i32, column : i32, term : i32, result : i32) -> vec4<f32>`:
 * the filter of four neighbours along `form`.
 */
export interface Strips {
  /** Names the code. */
  readonly key: string;
  /** Images. */
  readonly images: number;
  /** Size of the result. */
  readonly size: readonly [height: number, width: number];
  /** Size of what is convolved. */
  readonly sourceSize: readonly [height: number, width: number];
  /** Rows and columns of the filter. */
  readonly filterSize: readonly [height: number, width: number];
  /** Pixels of the filter above and left of its pixel of the result. */
  readonly pads: readonly [top: number, left: number];
  /** Terms of the sum for each element of the filter: channels of the source. */
  readonly channels: number;
  /** Whether channels are read in fours. */
  readonly vector: boolean;
  /** Whether `stripLoad` is the same for columns 2n and 2n + 1. */
  readonly inPairs: boolean;
  /** Whether results are stored by windows of 2x2, or four along a line. */
  readonly byWindow: boolean;
  /** Whether four neighbours of the filter are results ("side") or terms. */
  readonly form: "side" | "depth";
  /** The functions, in WGSL. */
  readonly code: string;
}

/**
 * The `main` of such a convolution.
 *
 * @param columns Results of a pixel that a thread computes, a multiple of 4.
 */
export function stripCode(strips: Strips, columns: number): string {
  const { vector, inPairs, byWindow, form } = strips;
  const width = strips.filterSize[1];
  const left = strips.pads[1];
  const terms = range(vector ? 4 : 1);
  const lines = range(STRIP_HEIGHT);
  const pixels = range(STRIP_WIDTH);
  const blocks = range(columns / 4);
  const sources = range(STRIP_WIDTH + width - 1);
  // Strips begin at even columns.
  const loadOf = (j: number) => inPairs ? Math.floor((j - left) / 2) + left : j;
  const loads = [...new Set(sources.map(loadOf))];
  const firstOf = (load: number) => sources.find((j) => loadOf(j) === load)!;
  const part = (q: number) => vector ? `.${"xyzw"[q]}` : "";
  const right = (q: number, j: number) =>
    form === "side"
      ? `right${q}_${j}`
      : `vec4<f32>(${range(4).map((i) => `right${4 * j + i}.${"xyzw"[q]}`)})`;
  const rights = (k: number) =>
    form === "side"
      ? terms.flatMap((q) =>
        blocks.map((j) =>
          `let right${q}_${j} = stripFilter(y, ${k}, c + ${q}, column + ${
            4 * j
          });`
        )
      )
      : range(columns).map((i) =>
        `let right${i} = stripFilter(y, ${k}, c, column + ${i});`
      );
  const zero = vector ? "vec4<f32>()" : "0.0";
  const store = lines.flatMap((l) =>
    range(STRIP_WIDTH / 4).flatMap((i) => {
      // Windows of the first line, or four pixels.
      const [at, four] = byWindow
        ? [4 * l + 2 * i, [0, 1, 2, 3].map((w) => [w >> 1, w & 1] as const)]
        : [4 * i, range(4).map((w) => [l, w] as const)];
      const row = byWindow
        ? `4 * ((image * (uniforms.size.x / 2) + firstY / 2) * (uniforms.size.y / 2)
        + (firstX + ${at}) / 2)`
        : `(image * uniforms.size.x + firstY + ${l}) * uniforms.size.y + firstX + ${at}`;
      return blocks.map((j) =>
        `if (firstX + ${at} < uniforms.size.y && firstY + ${
          byWindow ? 1 : l
        } < uniforms.size.x && column + ${4 * j} < uniforms.columns) {
    store(${row}, column + ${4 * j}, 0, ${
          four.map(([line, w]) => `sum${line}_${at + w}_${j}`).join(", ")
        });
  }`
      );
    })
  );
  return `
${strips.code}
fn main(thread : i32, group : vec3<i32>) {
  let index = (group.y * uniforms.wide + group.x) * ${STRIP_THREADS} + thread;
  let strip = quotient(index, uniforms.tiles.z);
  let column = (index - strip * uniforms.tiles.z) * ${columns};
  let lines = quotient(strip, uniforms.tiles.y);
  let firstX = (strip - lines * uniforms.tiles.y) * ${STRIP_WIDTH};
  let image = quotient(lines, uniforms.tiles.x);
  let firstY = (lines - image * uniforms.tiles.x) * ${STRIP_HEIGHT};
  if (image >= uniforms.tiles.w) { return; }
  let most = uniforms.sourceSize - 1;
  ${
    sources.map((j) =>
      `let x${j} = firstX + ${j} - uniforms.margins.y;
  let column${j} = stripColumn(clamp(x${j}, 0, most.y));
  let inside${j} = (x${j} >= 0) & (x${j} <= most.y);`
    ).join("\n  ")
  }
  ${
    lines.flatMap((l) =>
      pixels.flatMap((p) =>
        blocks.map((j) => `var sum${l}_${p}_${j} = vec4<f32>();`)
      )
    ).join(" ")
  }
  for (var y = 0; y < uniforms.filterRows; y++) {
    ${
    lines.map((l) =>
      `let y${l} = firstY + ${l} + y - uniforms.margins.x;
    let line${l} = stripLine(image, clamp(y${l}, 0, most.x));
    let known${l} = (y${l} >= 0) & (y${l} <= most.x);`
    ).join("\n    ")
  }
    for (var c = 0; c < uniforms.channels; c += ${terms.length}) {
      ${
    lines.flatMap((l) => [
      ...loads.map((load) =>
        `let load${l}_${firstOf(load)} = stripLoad(line${l}, column${
          firstOf(load)
        }, c);`
      ),
      ...sources.map((j) =>
        `let source${l}_${j} = select(${zero}, stripTake(load${l}_${
          firstOf(loadOf(j))
        }, line${l}, column${j}), known${l} & inside${j});`
      ),
    ]).join("\n      ")
  }
      ${
    range(width).map((k) =>
      `{ ${rights(k).join("\n        ")}
        ${
        terms.flatMap((q) =>
          lines.flatMap((l) =>
            pixels.map((p) =>
              blocks.map((j) =>
                `sum${l}_${p}_${j} += source${l}_${p + k}${part(q)} * ${
                  right(q, j)
                };`
              ).join(" ")
            )
          )
        ).join("\n        ")
      } }`
    ).join("\n      ")
  }
    }
  }
  ${store.join("\n  ")}
}`;
}

/** The program of such a convolution, but for arrays and what is stored. */
export function stripProgram(strips: Strips, columns: number, results: number) {
  const { key, images, size, sourceSize, filterSize, pads, channels } = strips;
  const { vector, inPairs, byWindow, form } = strips;
  const lines = Math.ceil(size[0] / STRIP_HEIGHT);
  const across = Math.ceil(size[1] / STRIP_WIDTH);
  const groups = Math.ceil(results / columns);
  const workgroups = Math.ceil(
    images * lines * across * groups / STRIP_THREADS,
  );
  const wide = Math.min(workgroups, MOST_WORKGROUPS);
  return {
    key: [
      "strips",
      key,
      columns,
      filterSize[1],
      vector,
      inPairs && pads[1],
      byWindow,
      form,
    ].join("_"),
    main: () => stripCode(strips, columns),
    integers: {
      tiles: [lines, across, groups, images],
      size,
      sourceSize,
      margins: pads,
      filterRows: [filterSize[0]],
      channels: [channels],
      columns: [results],
      rows: [images * size[0] * size[1]],
      wide: [wide],
    },
    threads: STRIP_THREADS,
    workgroups: [wide, Math.ceil(workgroups / wide), 1] as const,
  };
}
