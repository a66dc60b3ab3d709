import type { Window } from "../common/window.ts";
import { geometryOf, inputGradientGeometry } from "./geometry.ts";
import type { KernelHost } from "./kernel_host.ts";
import type { Address } from "./struct.ts";
import { fitsWinograd, fitsWinogradForward } from "./winograd.ts";

// Which algorithm runs depends on the shapes alone, and on whether pooling
// follows, so that equal inputs give equal bits. Forward before pooling goes by
// F(2x2, 3x3): outputs of equal windows are equal to the bit, so that pooling
// finds the ties of flat areas (`assembly/winograd.ts`).
const tiedSide = 2;
const looseSide = 4;

/**
 * A convolution of images `source`.
 *
 * @param at Addresses; `looseTies`: whether outputs of equal windows may differ by
 * rounding.
 */
export function convolveForward(
  { kernels, ...host }: KernelHost,
  window: Window,
  { source, filter, out, looseTies }:
    & Record<"source" | "filter" | "out", Address>
    & { looseTies: boolean },
): void {
  const g = host.geometry(geometryOf(window));
  if (looseTies ? fitsWinograd(window) : fitsWinogradForward(window)) {
    const side = looseTies ? looseSide : tiedSide;
    const scratch = host.scratch(kernels.winogradScratch(g, side));
    kernels.winogradConvolve(
      g,
      side,
      source,
      0,
      filter,
      false,
      0,
      out,
      0,
      scratch,
    );
  } else {
    const scratch = host.scratch(kernels.convolveScratch(g));
    kernels.convolve(g, source, 0, filter, false, out, scratch);
  }
}

/**
 * A convolution, bias, relu and 2x2 max pooling, whose winners go to `winners`.
 */
export function convolveBlock(
  { kernels, ...host }: KernelHost,
  window: Window,
  { source, filter, bias, out, winners }: Record<
    "source" | "filter" | "bias" | "out" | "winners",
    Address
  >,
): void {
  const g = host.geometry(geometryOf(window));
  if (fitsWinogradForward(window)) {
    const scratch = host.scratch(kernels.winogradScratch(g, tiedSide));
    kernels.winogradConvolve(
      g,
      tiedSide,
      source,
      0,
      filter,
      false,
      bias,
      out,
      winners,
      scratch,
    );
  } else {
    const scratch = host.scratch(kernels.convolveReluPoolScratch(g));
    kernels.convolveReluPool(g, source, filter, bias, out, winners, scratch);
  }
}

/**
 * The input gradient of a convolution.
 *
 * @param at Addresses; with `winners`, `dy` is the gradient of pooled outputs,
 * which is spread to the pixels that won.
 */
export function convolveBack(
  { kernels, ...host }: KernelHost,
  window: Window,
  { dy, filter, dx, winners = 0 }:
    & Record<"dy" | "filter" | "dx", Address>
    & { winners?: Address },
): void {
  const g = host.geometry(inputGradientGeometry(window));
  if (fitsWinograd(window)) {
    const scratch = host.scratch(kernels.winogradScratch(g, looseSide));
    kernels.winogradConvolve(
      g,
      looseSide,
      dy,
      winners,
      filter,
      true,
      0,
      dx,
      0,
      scratch,
    );
  } else if (window.strideHeight * window.strideWidth > 1) {
    const scratch = host.scratch(kernels.stridedInputGradientScratch(g));
    kernels.stridedInputGradient(g, dy, filter, dx, scratch);
  } else {
    const scratch = host.scratch(kernels.convolveScratch(g));
    kernels.convolve(g, dy, winners, filter, true, dx, scratch);
  }
}

/** The filter gradient of a convolution; `winners` as in `convolveBack`. */
export function convolveFilterGradient(
  { kernels, ...host }: KernelHost,
  window: Window,
  { x, dy, dw, winners = 0 }:
    & Record<"x" | "dy" | "dw", Address>
    & { winners?: Address },
): void {
  const g = host.geometry(geometryOf(window));
  if (fitsWinograd(window)) {
    const bytes = kernels.winogradFilterGradientScratch(g);
    kernels.winogradFilterGradient(g, x, dy, winners, dw, host.scratch(bytes));
  } else {
    const bytes = kernels.filterGradientScratch(g, winners !== 0);
    kernels.filterGradient(g, x, dy, winners, dw, host.scratch(bytes));
  }
}
