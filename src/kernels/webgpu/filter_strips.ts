import type { TensorInfo } from "@tensorflow/tfjs";
import type { Window } from "../common/window.ts";
import { MOST_WORKGROUPS } from "./elementwise.ts";
import { range } from "./factor_code.ts";
import type { KernelHost } from "./kernel_host.ts";
import type { Binding } from "./program.ts";
import { STRIP_HEIGHT, STRIP_THREADS, STRIP_WIDTH } from "./strip_code.ts";
import { stripSource } from "./strip_source.ts";
import { isStripWindow } from "./strips_of.ts";
import { sumSlices } from "./sum_slices.ts";
import { chooseTiles } from "./tile_plan.ts";

/** Channels of the output that a thread treats. */
const COLUMNS = 8;

/**
 * The gradient of a filter by strips of two lines of the output: a thread has the
 * elements of one row of the filter for four channels of the images, or all three
 * of RGB, so that a pixel that it has loaded serves all columns of the filter.
 * Strips are cut into slices, which a second program adds in order.
 *
 * @returns The gradient; undefined where it cannot be computed so.
 */
export function filterGradientByStrips(
  host: KernelHost,
  window: Window,
  { x, dy, winners }: { x: TensorInfo; dy: TensorInfo; winners?: TensorInfo },
): TensorInfo | undefined {
  const { batchSize, outHeight, outWidth, inChannels, outChannels } = window;
  const { filterHeight, filterWidth, padInfo } = window;
  const entries = filterHeight * filterWidth * inChannels;
  const tiles = chooseTiles(host.tiles, {
    rows: entries,
    columns: outChannels,
  });
  const vector = inChannels % 4 === 0;
  const own = vector ? 4 : inChannels;
  if (
    tiles.strips !== true || !isStripWindow(window) || own > 4 ||
    // A strip that reaches beyond the images would multiply by zeros what may
    // not be finite.
    outWidth % STRIP_WIDTH !== 0 || outHeight % STRIP_HEIGHT !== 0 ||
    batchSize * outHeight * outWidth * entries * outChannels === 0
  ) return undefined;
  const groups = [
    Math.ceil(outChannels / COLUMNS),
    inChannels / own,
    filterHeight,
  ] as const;
  const parts = groups[0] * groups[1] * groups[2];
  const lines = batchSize * outHeight / STRIP_HEIGHT;
  const wanted = Math.floor(
    tiles.workgroups / Math.ceil(parts / STRIP_THREADS),
  );
  // llvmpipe ends loops after 65,535 iterations, those of loops inside included.
  const most = Math.floor(65535 / (1 + outWidth / STRIP_WIDTH));
  const inSlice = Math.min(Math.ceil(lines / Math.max(wanted, 1)), most);
  const slices = Math.ceil(lines / inSlice);
  const result = host.output(
    slices === 1 ? window.filterShape : [slices, entries, outChannels],
  );
  const isPooled = winners !== undefined;
  const bindings: Record<string, Binding> = {
    x: [x, vector ? "vec4<f32>" : "f32"],
    dy: [dy, "vec4<f32>"],
    ...(winners && { winners: [winners, "i32"] as const }),
  };
  const workgroups = Math.ceil(parts * slices / STRIP_THREADS);
  const wide = Math.min(workgroups, MOST_WORKGROUPS);
  host.run({
    key: ["filterStrips", own, vector, filterWidth, isPooled].join("_"),
    code: () => filterStripCode({ own, vector, filterWidth, isPooled }),
    inputs: bindings,
    outputs: { result: [result, "vec4<f32>"] },
    integers: {
      tiles: [...groups, slices],
      size: [outHeight, outWidth],
      sourceSize: [window.inHeight, window.inWidth],
      margins: [padInfo.top, padInfo.left],
      lines: [lines],
      inSlice: [inSlice],
      channels: [inChannels],
      columns: [outChannels],
      rows: [entries],
      wide: [wide],
    },
    threads: STRIP_THREADS,
    workgroups: [wide, Math.ceil(workgroups / wide), 1],
    values: "vec4<f32>",
    gives: "result",
  });
  if (slices === 1) return result;
  const sum = sumSlices(host, result, window.filterShape);
  host.dispose(result);
  return sum;
}

function filterStripCode(
  { own, vector, filterWidth, isPooled }: {
    own: number;
    vector: boolean;
    filterWidth: number;
    isPooled: boolean;
  },
): string {
  const blocks = range(COLUMNS / 4);
  const channels = range(own);
  const taps = range(filterWidth);
  const pixels = range(STRIP_WIDTH);
  const lines = range(STRIP_HEIGHT);
  const sources = range(STRIP_WIDTH + filterWidth - 1);
  // Both lines of a strip, and pixels 2n and 2n + 1, load the same.
  const slopeOf = (l: number, p: number) =>
    isPooled ? `slope0_${p - p % 2}` : `slope${l}_${p}`;
  const slopes = (isPooled ? [0] : lines).flatMap((l) =>
    pixels.filter((p) => !isPooled || p % 2 === 0).flatMap((p) =>
      blocks.map((j) =>
        `let slope${l}_${p}_${j} = slopeLoad(slopeLine${l}, slopeColumn(firstX + ${p}), columns.${
          "xy"[j]
        });`
      )
    )
  );
  const loadOf = (j: number) =>
    vector
      ? `let source${j} = select(vec4<f32>(), stripLoad(line, column${j}, channel), known & inside${j});`
      : channels.map((c) =>
        `let source${j}_${c} = select(0.0, stripLoad(line, column${j}, ${c}), known & inside${j});`
      ).join(" ");
  const source = (j: number, c: number) =>
    vector ? `source${j}.${"xyzw"[c]}` : `source${j}_${c}`;
  return `
${
    stripSource({
      name: "strip",
      array: "x",
      vector,
      isPooled: false,
      size: "uniforms.sourceSize",
      channels: "uniforms.channels",
    })
  }
${
    stripSource({
      name: "slope",
      array: "dy",
      vector: true,
      isPooled,
      size: "uniforms.size",
      channels: "uniforms.columns",
    })
  }
fn main(thread : i32, group : vec3<i32>) {
  let index = (group.y * uniforms.wide + group.x) * ${STRIP_THREADS} + thread;
  let blocks = quotient(index, uniforms.tiles.x);
  let column = (index - blocks * uniforms.tiles.x) * ${COLUMNS};
  let rows = quotient(blocks, uniforms.tiles.y);
  let channel = (blocks - rows * uniforms.tiles.y) * ${own};
  let slice = quotient(rows, uniforms.tiles.z);
  let row = rows - slice * uniforms.tiles.z;
  if (slice >= uniforms.tiles.w) { return; }
  // Columns beyond the filter are computed but not stored.
  let columns = min(vec2<i32>(column, column + 4),
                    vec2<i32>(uniforms.columns - 4));
  let most = uniforms.sourceSize - 1;
  let pairs = uniforms.size.x / ${STRIP_HEIGHT};
  ${
    taps.flatMap((k) =>
      channels.flatMap((c) =>
        blocks.map((j) => `var sum${k}_${c}_${j} = vec4<f32>();`)
      )
    ).join(" ")
  }
  let last = min((slice + 1) * uniforms.inSlice, uniforms.lines);
  for (var pair = slice * uniforms.inSlice; pair < last; pair++) {
    let image = quotient(pair, pairs);
    let firstY = (pair - image * pairs) * ${STRIP_HEIGHT};
    ${
    lines.map((l) => `let slopeLine${l} = slopeLine(image, firstY + ${l});`)
      .join(" ")
  }
    for (var firstX = 0; firstX < uniforms.size.y; firstX += ${STRIP_WIDTH}) {
      ${slopes.join("\n      ")}
      ${
    sources.map((j) =>
      `let x${j} = firstX + ${j} - uniforms.margins.y;
      let column${j} = stripColumn(clamp(x${j}, 0, most.y));
      let inside${j} = (x${j} >= 0) & (x${j} <= most.y);`
    ).join("\n      ")
  }
      ${
    lines.map((l) =>
      `{
        let y = firstY + ${l} + row - uniforms.margins.x;
        let line = stripLine(image, clamp(y, 0, most.x));
        let known = (y >= 0) & (y <= most.x);
        ${sources.map(loadOf).join("\n        ")}
        ${
        pixels.map((p) =>
          `{ ${
            blocks.map((j) =>
              `let right${j} = slopeTake(${
                slopeOf(l, p)
              }_${j}, slopeLine${l}, slopeColumn(firstX + ${p}));`
            ).join(" ")
          }
          ${
            taps.flatMap((k) =>
              channels.map((c) =>
                blocks.map((j) =>
                  `sum${k}_${c}_${j} += ${source(p + k, c)} * right${j};`
                ).join(" ")
              )
            ).join("\n          ")
          } }`
        ).join("\n        ")
      }
      }`
    ).join("\n      ")
  }
    }
  }
  ${
    taps.flatMap((k) =>
      channels.flatMap((c) =>
        blocks.map((j) =>
          `if (column + ${4 * j} < uniforms.columns) {
    let entry = (row * ${filterWidth} + ${k}) * uniforms.channels + channel + ${c};
    let at = (slice * uniforms.rows + entry) * uniforms.columns + column + ${
            4 * j
          };
    result[at >> 2u] = sum${k}_${c}_${j};
  }`
        )
      )
    ).join("\n  ")
  }
}`;
}
