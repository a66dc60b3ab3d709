import * as tf from "@tensorflow/tfjs";
import { requireCount } from "../core/require_count.ts";
import type { Stream } from "../core/stream.ts";
import { yieldToEvents } from "../core/yield_to_events.ts";
import type { Tensor1D, Tensor2D, Tensor4D } from "../kernels/ops/tensors.ts";
import { chooseRows } from "../kernels/ops/choose_rows.ts";
import {
  joinParts,
  type Part,
  retire,
  type Retirement,
  type Search,
  type SearchState,
} from "./_retire.ts";
import type { Attack, Classify } from "./attack.ts";
import { checkLengths } from "./_check.ts";
import { projectLinf } from "./project_linf.ts";

/** Settings of the Square attack. */
export interface SquareOptions {
  /** Radius of the L-infinity ball in pixel units, in `(0, 1]`. */
  epsilon: number;
  /** Queries, at least 1; up to 5,000 in the paper. */
  queries: number;
}

/** Share of the pixels that the first square covers. */
const FIRST_SHARE = 0.8;

/** Queries up to which the share is divided by 1, 2, 4, ... */
const halvings = [10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000];

/** Forward passes that cost about as much as a gradient. */
const FORWARDS_PER_STEP = 3;

/** Queries after which misclassified images are left out. */
const QUERIES_BETWEEN_READS = 10;

/** Smallest share of misclassified images at which they are left out. */
const WORTH_RETIRING = 1 / 8;

/**
 * The Square attack (Andriushchenko et al. 2020, arXiv:1912.00049, alg. 1 and
 * 2): random search that uses class scores only, so that masked gradients are no
 * defence. It starts at vertical stripes; a query changes one square to the
 * border of the ball, and is kept if the margin falls. Every image has squares of
 * its own, so that the batch does not change the result, and they reach the last
 * row and column; in the authors' code images share them, and they end one pixel
 * before.
 *
 * @throws {RangeError} If a number is out of its range.
 */
export function square({ epsilon, queries }: SquareOptions): Attack {
  checkLengths({ epsilon });
  requireCount("queries", queries);
  return {
    name: `square-${queries}`,
    steps: Math.ceil(queries / FORWARDS_PER_STEP),
    onlyRight: true,
    async perturb(classify, { images, labels, streamOf }) {
      const places = Array.from({ length: images.shape[0] }, (_, i) => i);
      const streams = places.map(streamOf);
      const retired: Part[] = [];
      let search: Search<State> | undefined = {
        state: start(classify, { images, labels }, streams, epsilon),
        places,
      };
      for (let query = 1; query < queries; query++) {
        await yieldToEvents();
        if (query % QUERIES_BETWEEN_READS === 0) {
          const ended: Retirement<State> = await retire(search, WORTH_RETIRING);
          retired.push(...ended.retired);
          search = ended.search;
          if (search === undefined) break;
        }
        const { state }: Search<State> = search;
        const squares = drawSquares(
          state.original.shape,
          search.places.map((place) => streams[place]!),
          sideOf(query, images.shape[1], images.shape[2]),
        );
        const next = tf.tidy(() =>
          makeQuery(classify, state, squares, epsilon)
        );
        tf.dispose([squares, state.found, state.margin, state.fooled]);
        search = { state: { ...state, ...next }, places: search.places };
      }
      const left = search === undefined
        ? []
        : [{ places: search.places, images: tf.clone(search.state.found) }];
      tf.dispose(search?.state ?? []);
      return {
        images: joinParts([...retired, ...left]),
        zeroGradients: tf.scalar(0),
      };
    },
  };
}

interface State extends SearchState {
  original: Tensor4D;
  labels: Tensor2D;
  /** Score of the true class minus the largest other, at the best point. */
  margin: Tensor1D;
}

function start(
  classify: Classify,
  { images, labels }: { images: Tensor4D; labels: Tensor2D },
  streams: readonly Stream[],
  epsilon: number,
): State {
  return tf.tidy(() => {
    const stripes = drawStripes(images.shape, streams);
    const moved = tf.add(images, tf.mul(stripes, epsilon)) as Tensor4D;
    const found = projectLinf(moved, images, epsilon);
    const margin = marginOf(classify(found), labels);
    return {
      original: tf.clone(images),
      labels: tf.clone(labels),
      found,
      margin,
      fooled: tf.lessEqual(margin, 0) as Tensor1D,
    };
  });
}

/** Makes one query: the squares are kept where the margin falls. */
function makeQuery(
  classify: Classify,
  { original, labels, found, margin, fooled }: State,
  squares: Tensor4D,
  epsilon: number,
) {
  const moved = tf.add(found, tf.mul(squares, 2 * epsilon)) as Tensor4D;
  const tried = projectLinf(moved, original, epsilon);
  const triedMargin = marginOf(classify(tried), labels);
  const falls = tf.logicalAnd(
    tf.logicalNot(fooled),
    tf.less(triedMargin, margin),
  ) as Tensor1D;
  const least = chooseRows(falls, triedMargin, margin);
  return {
    found: chooseRows(falls, tried, found),
    margin: least,
    fooled: tf.lessEqual(least, 0) as Tensor1D,
  };
}

/** Side of the square of a query, in pixels. */
export function sideOf(query: number, height: number, width: number): number {
  const halved = halvings.filter((last) => query > last).length;
  const share = FIRST_SHARE / 2 ** halved;
  const side = Math.round(Math.sqrt(share * height * width));
  return Math.min(Math.max(side, 1), height, width);
}

/** Score of the true class minus the largest other, shape `[b]`. */
function marginOf(logits: Tensor2D, labels: Tensor2D): Tensor1D {
  const right = tf.sum(tf.mul(logits, labels), 1);
  const others = tf.max(tf.sub(logits, tf.mul(labels, 2e30)), 1);
  return tf.sub(right, others);
}

/** Draws a sign for each image, column and channel. */
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

/** Draws a square per image: a sign per channel inside, 0 outside. */
function drawSquares(
  [rows, height, width, channels]: Tensor4D["shape"],
  streams: readonly Stream[],
  side: number,
): Tensor4D {
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
  return tf.tidy(() =>
    tf.mul(
      tf.mul(
        tf.tensor4d(down, [rows, height, 1, 1]),
        tf.tensor4d(signs, [rows, 1, 1, channels]),
      ),
      tf.tensor4d(across, [rows, 1, width, 1]),
    )
  );
}

function signFrom(stream: Stream): number {
  return stream.below(2) === 0 ? -1 : 1;
}
