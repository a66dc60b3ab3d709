import * as tf from "@tensorflow/tfjs";
import type { Tensor2D, Tensor4D } from "../core/tensors.ts";
import type { Stream } from "../core/stream.ts";
import type { Attack, Classify } from "./attack.ts";
import { checkCount, checkLengths } from "./_check.ts";
import { projectLinf } from "./project_linf.ts";

/** Settings of the Square attack. */
export interface SquareOptions {
  /** Radius of the L-infinity ball in pixel units, in `(0, 1]`. */
  epsilon: number;
  /** Queries, at least 1; the paper has up to 5,000. */
  queries: number;
}

/** Share of the pixels that the first squares cover. */
const FIRST_SHARE = 0.8;

/** Queries up to which the share is divided by 1, 2, 4, ... */
const halvings = [10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000];

/** Forward passes that cost about as much as a gradient. */
const FORWARDS_A_STEP = 3;

/**
 * The Square attack (Andriushchenko et al. 2020, arXiv:1912.00049, alg. 1 and
 * 2): random search that sees scores only, so that a model which merely hides
 * its gradients cannot withstand it. From vertical stripes on, a query changes
 * one square to the border of the ball, and is kept if the margin falls. Every
 * image has squares of its own, so that the batch does not change the result,
 * and they reach the last row and column; the authors' code shares them and
 * stops one pixel short.
 *
 * @throws {RangeError} If a number is out of its range.
 */
export function square({ epsilon, queries }: SquareOptions): Attack {
  checkLengths({ epsilon });
  checkCount("queries", queries);
  return {
    name: `square-${queries}`,
    steps: Math.ceil(queries / FORWARDS_A_STEP),
    onlyRight: true,
    perturb(classify, { images, labels, streamOf }) {
      const [rows, height, width] = images.shape;
      const streams = Array.from({ length: rows }, (_, i) => streamOf(i));
      let state = tf.tidy(() => {
        const stripes = drawStripes(images.shape, streams);
        const best = projectLinf(
          tf.add(images, tf.mul(stripes, epsilon)),
          images,
          epsilon,
        );
        return { best, margin: marginOf(classify, best, labels) };
      });
      for (let query = 1; query < queries; query++) {
        const side = sideOf(query, height, width);
        const next = tf.tidy(() => {
          const squares = drawSquares(images.shape, streams, side);
          const tried = projectLinf(
            tf.add(state.best, tf.mul(squares, 2 * epsilon)),
            images,
            epsilon,
          );
          const margin = marginOf(classify, tried, labels);
          const keep = tf.logicalAnd(
            tf.greater(state.margin, 0),
            tf.less(margin, state.margin),
          );
          return {
            best: tf.where(keep, tried, state.best) as Tensor4D,
            margin: tf.where(keep, margin, state.margin),
          };
        });
        tf.dispose(state);
        state = next;
      }
      state.margin.dispose();
      return { images: state.best, zeroGradients: tf.scalar(0) };
    },
  };
}

/** Side of the square of a query, in pixels. */
export function sideOf(query: number, height: number, width: number): number {
  const halved = halvings.filter((last) => query > last).length;
  const share = FIRST_SHARE / 2 ** halved;
  const side = Math.round(Math.sqrt(share * height * width));
  return Math.min(Math.max(side, 1), height, width);
}

/** Score of the true class less the largest other, shape `[b, 1, 1, 1]`. */
function marginOf(
  classify: Classify,
  images: Tensor4D,
  labels: Tensor2D,
): tf.Tensor {
  const logits = classify(images);
  const right = tf.sum(tf.mul(logits, labels), 1);
  const others = tf.max(tf.sub(logits, tf.mul(labels, 2e30)), 1);
  return tf.reshape(tf.sub(right, others), [images.shape[0], 1, 1, 1]);
}

/** A sign for each image, column and channel. */
function drawStripes(
  [rows, , width, channels]: Tensor4D["shape"],
  streams: readonly Stream[],
): Tensor4D {
  const size = width * channels;
  const signs = new Float32Array(rows * size);
  streams.forEach((stream, i) => {
    for (let at = 0; at < size; at++) signs[i * size + at] = signFrom(stream);
  });
  return tf.tensor4d(signs, [rows, 1, width, channels]);
}

/** A square of each image: a sign for each channel inside, 0 outside. */
function drawSquares(
  [rows, height, width, channels]: Tensor4D["shape"],
  streams: readonly Stream[],
  side: number,
): tf.Tensor {
  const down = new Float32Array(rows * height);
  const across = new Float32Array(rows * width);
  const signs = new Float32Array(rows * channels);
  streams.forEach((stream, i) => {
    const top = stream.below(height - side + 1);
    const left = stream.below(width - side + 1);
    down.fill(1, i * height + top, i * height + top + side);
    across.fill(1, i * width + left, i * width + left + side);
    for (let c = 0; c < channels; c++) {
      signs[i * channels + c] = signFrom(stream);
    }
  });
  return tf.mul(
    tf.mul(
      tf.tensor4d(down, [rows, height, 1, 1]),
      tf.tensor4d(across, [rows, 1, width, 1]),
    ),
    tf.tensor4d(signs, [rows, 1, 1, channels]),
  );
}

function signFrom(stream: Stream): number {
  return stream.below(2) === 0 ? -1 : 1;
}
