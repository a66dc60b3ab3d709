import type { Window } from "../common/window.ts";
import type { Geometry } from "./kernel_exports.ts";

/** A window as the kernels take it. */
export function geometryOf(window: Window): Geometry {
  return {
    ...window,
    padTop: window.padInfo.top,
    padLeft: window.padInfo.left,
    spreadHeight: 1,
    spreadWidth: 1,
  };
}

/**
 * The convolution of stride 1 that gives the input gradient of another: its
 * images are the output gradients, spread by the stride; its filters, which the
 * kernels turn and transpose, are the same.
 */
export function inputGradientGeometry(window: Window): Geometry {
  const { filterHeight, filterWidth, dilationHeight, dilationWidth } = window;
  return {
    ...window,
    inHeight: window.outHeight,
    inWidth: window.outWidth,
    inChannels: window.outChannels,
    outHeight: window.inHeight,
    outWidth: window.inWidth,
    outChannels: window.inChannels,
    strideHeight: 1,
    strideWidth: 1,
    padTop: (filterHeight - 1) * dilationHeight - window.padInfo.top,
    padLeft: (filterWidth - 1) * dilationWidth - window.padInfo.left,
    spreadHeight: window.strideHeight,
    spreadWidth: window.strideWidth,
  };
}
