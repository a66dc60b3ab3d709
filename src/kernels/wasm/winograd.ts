import type { Window } from "../common/window.ts";

/** Whether the gradients of a convolution can go through Winograd's algorithm. */
export function fitsWinograd(window: Window): boolean {
  return window.filterHeight === 3 && window.filterWidth === 3 &&
    window.strideHeight === 1 && window.strideWidth === 1 &&
    window.dilationHeight === 1 && window.dilationWidth === 1 &&
    window.inChannels >= 3 &&
    window.outChannels >= 8 && window.outChannels % 8 === 0 &&
    window.outHeight >= 3 && window.outWidth >= 3;
}

/**
 * Whether a forward pass that keeps ties is also faster that way. F(2x2) saves
 * less than the F(4x4) of the others, and with few channels to sum its transforms
 * cost more than it saves (measured: slower with 3 channels, faster with 16).
 */
export function fitsWinogradForward(window: Window): boolean {
  return fitsWinograd(window) && window.inChannels >= 8;
}
