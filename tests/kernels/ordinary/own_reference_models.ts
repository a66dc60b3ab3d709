import * as tf from "@tensorflow/tfjs";
import { functionLayer } from "./function_layer.ts";
import { type Recipe, startLayers, valueTargets } from "./layers_model.ts";
import type { OrdinaryModel } from "./ordinary_model.ts";

const L = tf.layers;
type Node = tf.SymbolicTensor;

const pass = (x: Node, ...layers: tf.layers.Layer[]): Node =>
  layers.reduce<Node>((node, layer) => layer.apply(node) as Node, x);

/**
 * Models that the cpu backend refuses, or computes wrong, with the same model of
 * operations that it computes right.
 */
export function listOwnReferenceModels(): OrdinaryModel[] {
  const group = "Models that need another reference than cpu";
  const model = (
    name: string,
    reason: string,
    parts: {
      inputShape: number[];
      connect: (x: Node, isReference: boolean) => Node;
      recipe?: Recipe;
    },
  ): OrdinaryModel => {
    const start = (isReference: boolean) => () =>
      startLayers(() => {
        const x = tf.input({ shape: parts.inputShape });
        return tf.model({
          inputs: x,
          outputs: parts.connect(x, isReference),
        });
      }, parts.recipe);
    return {
      name,
      group,
      start: start(false),
      reference: { reason, start: start(true) },
    };
  };
  const softmax = (x: Node) =>
    pass(x, L.flatten(), L.dense({ units: 3, activation: "softmax" }));
  const noDilation = "refuses: no gradient of a dilated convolution";
  return [
    model(
      "U-Net",
      "wrong: gradient of nearest-neighbour resizing of more than one image",
      {
        inputShape: [8, 8, 2],
        connect(x, isReference) {
          const up = () =>
            isReference
              ? functionLayer({
                run: repeatPixels,
                outShape: ([n, h, w, c]) => [n!, 2 * h!, 2 * w!, c!],
              })
              : L.upSampling2d({ size: [2, 2] });
          const conv = (filters: number) =>
            L.conv2d({
              filters,
              kernelSize: 3,
              padding: "same",
              activation: "relu",
            });
          const first = pass(x, conv(3));
          const second = pass(first, L.maxPooling2d({ poolSize: 2 }), conv(4));
          const third = pass(second, L.maxPooling2d({ poolSize: 2 }), conv(5));
          const back = L.concatenate().apply([second, pass(third, up())]);
          const end = L.concatenate().apply([
            first,
            pass(back as Node, conv(4), up()),
          ]);
          return pass(end as Node, L.conv2d({ filters: 1, kernelSize: 1 }));
        },
        recipe: { loss: "meanSquaredError", targets: valueTargets },
      },
    ),
    model(
      "upSampling2d, bilinear",
      "refuses: gradient of another shape",
      {
        inputShape: [4, 3, 2],
        connect: (x, isReference) =>
          softmax(pass(
            x,
            L.conv2d({ filters: 3, kernelSize: 3, padding: "same" }),
            isReference
              ? functionLayer({
                run: blendPixels,
                outShape: ([n, h, w, c]) => [n!, 2 * h!, 2 * w!, c!],
              })
              : L.upSampling2d({ size: [2, 2], interpolation: "bilinear" }),
          )),
      },
    ),
    model("conv2d, dilation 2", noDilation, {
      inputShape: [8, 7, 2],
      connect: (x, isReference) =>
        softmax(pass(
          x,
          isReference
            ? functionLayer({
              run: (x, filter, bias) =>
                tf.add(
                  tf.conv2d(
                    x as tf.Tensor4D,
                    spread(filter as tf.Tensor4D, [2, 2]),
                    1,
                    "same",
                  ),
                  bias!,
                ),
              outShape: ([n, h, w]) => [n!, h!, w!, 4],
              weights: [[3, 3, 2, 4], [4]],
            })
            : L.conv2d({
              filters: 4,
              kernelSize: 3,
              dilationRate: 2,
              padding: "same",
              // TensorFlow.js refuses the gradient without an activation,
              // whatever the backend.
              activation: "relu",
            }),
          ...(isReference ? [L.activation({ activation: "relu" })] : []),
        )),
    }),
    model("causal conv1d, dilations 1, 2 and 4", noDilation, {
      inputShape: [10, 3],
      connect(x, isReference) {
        const layers = [1, 2, 4].flatMap((dilation, i) => {
          const channels = i === 0 ? 3 : 4;
          const conv = functionLayer({
            run: (x, filter, bias) =>
              tf.add(causal(x, filter!, { dilation, isReference }), bias!),
            outShape: ([n, w]) => [n!, w!, 4],
            weights: [[2, channels, 4], [4]],
          });
          return [conv, L.reLU()];
        });
        return softmax(pass(x, ...layers));
      },
    }),
    ...[false, true].map((isCausal) =>
      model(
        isCausal ? "attention of four heads, causal" : "attention layer",
        "refuses: no gradient of einsum",
        {
          inputShape: [5, 8],
          connect: (x, isReference) =>
            softmax(pass(
              x,
              functionLayer({
                run: (x, query, key, value, out) =>
                  attend(x, [query!, key!, value!, out!], {
                    isReference,
                    isCausal,
                  }),
                outShape: (shape) => shape,
                weights: [[8, 4, 2], [8, 4, 2], [8, 4, 2], [4, 2, 8]],
              }),
            )),
        },
      )
    ),
  ];
}

/** Each pixel as a square of four. */
function repeatPixels(x: tf.Tensor): tf.Tensor {
  const [n, h, w, c] = x.shape as [number, number, number, number];
  const columns = tf.reshape(x, [n, h, w, 1, c]);
  const rows = tf.reshape(tf.concat([columns, columns], 3), [n, h, 1, -1]);
  return tf.reshape(tf.concat([rows, rows], 2), [n, 2 * h, 2 * w, c]);
}

/** Twice as many rows and columns, by products with the weights of neighbours. */
function blendPixels(x: tf.Tensor): tf.Tensor {
  const [n, h, w, c] = x.shape as [number, number, number, number];
  // Without aligned corners, pixel i lies at i / 2.
  const weights = (size: number) =>
    tf.tensor2d(
      Array.from({ length: 2 * size }, (_, i) =>
        Array.from({ length: size }, (_, j) =>
          Math.max(0, 1 - Math.abs(Math.min(i / 2, size - 1) - j)))),
    );
  const images = tf.unstack(x).map((image) => {
    const rows = tf.matMul(
      weights(h),
      tf.reshape(image, [h, w * c]) as tf.Tensor2D,
    );
    const turned = tf.transpose(tf.reshape(rows, [2 * h, w, c]), [1, 0, 2]);
    const columns = tf.matMul(
      weights(w),
      tf.reshape(turned, [w, -1]) as tf.Tensor2D,
    );
    return tf.transpose(tf.reshape(columns, [2 * w, 2 * h, c]), [1, 0, 2]);
  });
  return tf.reshape(tf.stack(images), [n, 2 * h, 2 * w, c]);
}

/** A filter with zeros between its taps: that of a dilated convolution. */
function spread(
  filter: tf.Tensor4D,
  [down, right]: [number, number],
): tf.Tensor4D {
  const [h, w, i, o] = filter.shape;
  const wide = tf.reshape(
    tf.pad(tf.reshape(filter, [h, 1, w, 1, i * o]), [
      [0, 0],
      [0, down - 1],
      [0, 0],
      [0, right - 1],
      [0, 0],
    ]),
    [h * down, w * right, i, o],
  );
  return tf.slice(wide, [0, 0, 0, 0], [
    (h - 1) * down + 1,
    (w - 1) * right + 1,
    i,
    o,
  ]) as tf.Tensor4D;
}

/** A causal convolution over time. */
function causal(
  x: tf.Tensor,
  filter: tf.Tensor,
  { dilation, isReference }: { dilation: number; isReference: boolean },
): tf.Tensor {
  const [taps, i, o] = filter.shape as [number, number, number];
  const [n, w] = x.shape as [number, number];
  const wide = tf.pad(x, [[0, 0], [(taps - 1) * dilation, 0], [0, 0]]);
  if (!isReference) {
    return tf.conv1d(
      wide as tf.Tensor3D,
      filter as tf.Tensor3D,
      1,
      "valid",
      "NWC",
      dilation,
    );
  }
  const filters = spread(tf.reshape(filter, [1, taps, i, o]), [1, dilation]);
  const images = tf.reshape(wide, [n, 1, wide.shape[1]!, i]) as tf.Tensor4D;
  return tf.reshape(tf.conv2d(images, filters, 1, "valid"), [n, w, o]);
}

/** Self-attention, by einsum as Keras has it, or by products of matrices. */
function attend(
  x: tf.Tensor,
  [query, key, value, out]: tf.Tensor[],
  { isReference, isCausal }: { isReference: boolean; isCausal: boolean },
): tf.Tensor {
  const [n, t, d] = x.shape as [number, number, number];
  const [, heads, size] = query!.shape as [number, number, number];
  const project = (w: tf.Tensor) =>
    isReference
      ? tf.transpose(
        tf.reshape(
          tf.matMul(tf.reshape(x, [-1, d]), tf.reshape(w, [d, -1])),
          [n, t, heads, size],
        ),
        [0, 2, 1, 3],
      )
      : tf.einsum("btd,dhk->bthk", x, w);
  const [q, k, v] = [query!, key!, value!].map(project);
  let scores = isReference
    ? tf.matMul(q!, k!, false, true)
    : tf.einsum("bqhk,bthk->bhqt", q!, k!);
  scores = tf.div(scores, Math.sqrt(size));
  if (isCausal) {
    const ahead = Array.from(
      { length: t },
      (_, i) => Array.from({ length: t }, (_, j) => j > i ? -1e9 : 0),
    );
    scores = tf.add(scores, tf.tensor2d(ahead));
  }
  const shares = tf.softmax(scores);
  if (!isReference) {
    const mixed = tf.einsum("bhqt,bthk->bqhk", shares, v!);
    return tf.einsum("bqhk,hkd->bqd", mixed, out!);
  }
  const mixed = tf.transpose(tf.matMul(shares, v!), [0, 2, 1, 3]);
  return tf.reshape(
    tf.matMul(
      tf.reshape(mixed, [n * t, -1]),
      tf.reshape(out!, [-1, d]),
    ),
    [n, t, d],
  );
}
