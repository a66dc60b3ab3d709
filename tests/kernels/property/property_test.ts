// Drawn calls of what registerTrainingKernels() registers: values, first and second
// gradients against sums in float64 and central differences of them.
import { openStream } from "../../../src/core/stream.ts";
import { runsSlow } from "../../slow.ts";
import { useWasm } from "../wasm/_wasm.ts";
import { checkCase } from "./check_case.ts";
import {
  drawConv2d,
  drawConv3d,
  drawDepthwise,
  drawFusedConv2d,
} from "./convolution_cases.ts";
import {
  drawConcat,
  drawGather,
  drawReverse,
  drawSlice,
  drawSplit,
  drawTile,
} from "./copy_cases.ts";
import { type Draw, type DrawnCase, openDraw } from "./drawn_case.ts";
import {
  drawActivation,
  drawCast,
  drawPrelu,
  drawRows,
  drawSum,
} from "./element_cases.ts";
import { drawBatchNorm } from "./normalise_cases.ts";
import {
  drawAvgPool,
  drawAvgPool3d,
  drawDilation2d,
  drawMaxPool,
  drawMaxPool3d,
} from "./pooling_cases.ts";
import { drawEinsum, drawFusedMatMul, drawMatMul } from "./product_cases.ts";

/** How many calls of each kind are drawn. */
const count = runsSlow ? 100 : 12;

const kinds: Readonly<Record<string, (draw: Draw) => DrawnCase>> = {
  "activations and clips": drawActivation,
  "average pooling": drawAvgPool,
  "average pooling of volumes": drawAvgPool3d,
  "batch normalisation": drawBatchNorm,
  casts: drawCast,
  "concatenated tensors": drawConcat,
  convolutions: drawConv2d,
  "convolutions of volumes": drawConv3d,
  "depthwise convolutions": drawDepthwise,
  dilations: drawDilation2d,
  einsum: drawEinsum,
  "fused convolutions": drawFusedConv2d,
  "fused products": drawFusedMatMul,
  "gathered and summed rows": drawRows,
  "gathered parts": drawGather,
  "max pooling": drawMaxPool,
  "max pooling of volumes": drawMaxPool3d,
  prelu: drawPrelu,
  products: drawMatMul,
  "repeated tensors": drawTile,
  slices: drawSlice,
  "split tensors": drawSplit,
  "reversed tensors": drawReverse,
  "sums and means": drawSum,
};

for (const [kind, drawCase] of Object.entries(kinds)) {
  Deno.test(`wasm: drawn ${kind} and their first and second gradients equal sums in float64`, async () => {
    await useWasm();
    const stream = openStream(1, "init", `property-${kind}`);
    const draw = openDraw(() => stream.uniform());
    for (let i = 0; i < count; i++) checkCase(drawCase(draw), draw);
  });
}
