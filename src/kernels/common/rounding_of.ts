import * as tf from "@tensorflow/tfjs";
import type { Padding } from "./window.ts";

/** Attributes of windows as kernels take them, as far as they are used here. */
interface WindowAttrs {
  readonly strides: number | [number, number];
  readonly pad: Padding;
  readonly dilations?: number | [number, number];
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

/**
 * The attributes of a forward pass whose result has as many rows and columns as
 * `dy`: TensorFlow.js does not tell gradients how it rounded them.
 *
 * @param filterShape Rows, columns and channels.
 * @returns The attributes as they are if no way to round gives them.
 */
export function withRoundingOf<Attrs>(
  attrs: Attrs,
  { x, dy, filterShape }: {
    x: tf.TensorInfo;
    dy: tf.TensorInfo;
    filterShape: readonly number[];
  },
): Attrs {
  const { strides, pad, dilations = 1, dimRoundingMode } =
    attrs as unknown as WindowAttrs;
  if (typeof pad === "string" || x.shape.length !== 4) return attrs;
  for (const mode of [dimRoundingMode, "floor", "round", "ceil"] as const) {
    if (mode === undefined) continue;
    const { outHeight, outWidth } = tf.backend_util.computeConv2DInfo(
      x.shape as [number, number, number, number],
      filterShape as [number, number, number, number],
      strides,
      dilations,
      pad as number,
      mode,
    );
    if (outHeight === dy.shape[1] && outWidth === dy.shape[2]) {
      return { ...attrs, dimRoundingMode: mode };
    }
  }
  return attrs;
}
