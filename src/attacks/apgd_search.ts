import * as tf from "@tensorflow/tfjs";
import type { Stream } from "../core/stream.ts";
import { yieldToEvents } from "../core/yield_to_events.ts";
import type {
  Scalar,
  Tensor1D,
  Tensor2D,
  Tensor4D,
} from "../kernels/ops/tensors.ts";
import { chooseRows } from "../kernels/ops/choose_rows.ts";
import { type Part, retire, type Search, type SearchState } from "./_retire.ts";
import type { Classify } from "./attack.ts";
import { countZeroRows } from "./count_zero_rows.ts";
import { projectLinf } from "./project_linf.ts";

/** Settings of an APGD attack. */
export interface ApgdOptions {
  /** Radius of the L-infinity ball in pixel units, in `(0, 1]`. */
  epsilon: number;
  /** Iterations, at least 1; 100 in the paper. */
  iterations: number;
}

/** The images of one run, and their targets. */
export interface ApgdBatch {
  /** Pixels in `[0, 1]`, shape `[b, h, w, c]`. */
  readonly images: Tensor4D;
  /** True classes, one-hot, shape `[b, k]`. */
  readonly labels: Tensor2D;
  /** Target classes, one-hot; the true ones where there are no targets. */
  readonly targets: Tensor2D;
  /** The random stream of each image, for its start. */
  readonly streams: readonly Stream[];
}

/** The loss to maximise, per image, shape `[b]`. */
export type ApgdLoss = (
  logits: Tensor2D,
  labels: Tensor2D,
  targets: Tensor2D,
) => Tensor1D;

/** The result of a run. */
export interface ApgdFindings {
  /** The images that are misclassified, at their last such point. */
  fooled: Part[];
  /** The others, at their points of largest loss. */
  left: Part[];
  /** Images whose gradient at the start was all zeros. */
  zeroGradients: Scalar;
}

/** Share of the full step in all iterations but the first. */
const MOMENTUM = 0.75;

/** Largest share of rising losses between checkpoints that halves the step. */
const RISING = 0.75;

/** Smallest share of misclassified images at which they are left out. */
const WORTH_RETIRING = 1 / 8;

interface State extends SearchState {
  original: Tensor4D;
  labels: Tensor2D;
  targets: Tensor2D;
  /** Current point and the one before it. */
  current: Tensor4D;
  previous: Tensor4D;
  /** Loss and gradient at the current point. */
  loss: Tensor1D;
  gradient: Tensor4D;
  /** Best point so far, with its loss and gradient. */
  best: Tensor4D;
  bestLoss: Tensor1D;
  bestGradient: Tensor4D;
  /** Length of a step, shape `[b, 1, 1, 1]`. */
  step: Tensor4D;
  /** Rises of the loss since the last checkpoint. */
  rises: Tensor1D;
  /** Whether the step was halved there, bool, and the best loss at that time. */
  halved: Tensor1D;
  checkedLoss: Tensor1D;
}

/**
 * One run of Auto-PGD (Croce and Hein 2020, arXiv:2003.01690, alg. 1):
 * projected ascent with momentum. Its step, 2 epsilon at first, is halved where
 * it makes too little progress, and it then returns to the best point. It stops
 * for an image that is misclassified at a checkpoint, where the authors' code
 * continues and finds another such point. The first window is compared with the
 * starting point; in the authors' code the index wraps around to zeros there, so
 * that it always counts as a rise.
 *
 * @returns The caller disposes it.
 */
export async function searchApgd(
  classify: Classify,
  batch: ApgdBatch,
  loss: ApgdLoss,
  { epsilon, iterations }: ApgdOptions,
): Promise<ApgdFindings> {
  const state = tf.tidy(() => start(classify, batch, loss, epsilon));
  const zeroGradients = countZeroRows(state.gradient);
  let search: Search<State> | undefined = {
    state,
    places: batch.streams.map((_, place) => place),
  };
  const fooled: Part[] = [];
  const checks = new Set(checkpoints(iterations));
  let checkedAt = 0;
  for (let i = 1; i <= iterations && search !== undefined; i++) {
    await yieldToEvents();
    search = advance(
      search,
      (now) =>
        move(now, { classify, loss, epsilon, share: i === 1 ? 1 : MOMENTUM }),
    );
    if (checks.has(i)) {
      const window = i - checkedAt;
      search = advance(search, (now) => check(now, window));
      checkedAt = i;
    } else if (i < iterations) continue;
    const ended = await retire(search, i < iterations ? WORTH_RETIRING : 0);
    fooled.push(...ended.retired);
    search = ended.search;
  }
  const left = search === undefined
    ? []
    : [{ places: search.places, images: tf.clone(search.state.best) }];
  tf.dispose(search?.state ?? []);
  return { fooled, left, zeroGradients };
}

/**
 * Iterations after which progress is checked: after 22 % of all, then in shorter
 * and shorter windows of at least 6 %.
 */
export function checkpoints(iterations: number): number[] {
  const share = (percent: number) =>
    Math.max(Math.floor(percent * iterations / 100), 1);
  const [shrink, least] = [share(3), share(6)];
  const found: number[] = [];
  let window = share(22);
  for (let at = window; at <= iterations; at += window) {
    found.push(at);
    window = Math.max(window - shrink, least);
  }
  return found;
}

/** Changes parts of a state; unchanged tensors are cloned, the old disposed. */
function advance(
  { state, places }: Search<State>,
  change: (now: State) => Partial<State>,
): Search<State> {
  const next = tf.tidy(() => {
    const kept = Object.fromEntries(
      Object.entries(state).map(([name, tensor]) => [name, tf.clone(tensor)]),
    );
    return { ...kept, ...change(state) } as State;
  });
  tf.dispose(state);
  return { state: next, places };
}

function start(
  classify: Classify,
  { images, labels, targets, streams }: ApgdBatch,
  lossOf: ApgdLoss,
  epsilon: number,
): State {
  const current = tf.clipByValue(
    tf.add(images, drawStart(images.shape, streams, epsilon)),
    0,
    1,
  ) as Tensor4D;
  const goal = { labels, targets };
  const { loss, gradient, wrong } = evaluateAt(current, classify, lossOf, goal);
  return {
    original: tf.clone(images),
    labels: tf.clone(labels),
    targets: tf.clone(targets),
    current,
    previous: tf.clone(current),
    loss,
    gradient,
    best: tf.clone(current),
    bestLoss: tf.clone(loss),
    bestGradient: tf.clone(gradient),
    found: tf.clone(current),
    fooled: wrong,
    step: tf.fill([images.shape[0], 1, 1, 1], 2 * epsilon),
    rises: tf.zerosLike(loss),
    // So that the first checkpoint does not halve the step for lack of change.
    halved: tf.onesLike(wrong),
    checkedLoss: tf.clone(loss),
  };
}

/**
 * Signs of a gradient. On wasm, numbers below 2^-23 count as 0, as in the official
 * kernel, with which results were recorded.
 */
function signsOf(gradient: tf.Tensor): tf.Tensor {
  if (tf.getBackend() !== "wasm") return tf.sign(gradient);
  const counts = tf.greaterEqual(tf.abs(gradient), 2 ** -23);
  return tf.sign(tf.where(counts, gradient, tf.zerosLike(gradient)));
}

function move(
  now: State,
  { classify, loss: lossOf, epsilon, share }: {
    classify: Classify;
    loss: ApgdLoss;
    epsilon: number;
    share: number;
  },
): Partial<State> {
  const { current, previous } = now;
  const project = (x: tf.Tensor) =>
    projectLinf(x as Tensor4D, now.original, epsilon);
  const ahead = project(
    tf.add(current, tf.mul(now.step, signsOf(now.gradient))),
  );
  const next = project(tf.add(
    current,
    tf.add(
      tf.mul(tf.sub(ahead, current), share),
      tf.mul(tf.sub(current, previous), 1 - share),
    ),
  ));
  const { loss, gradient, wrong } = evaluateAt(next, classify, lossOf, now);
  const better = tf.greater(loss, now.bestLoss) as Tensor1D;
  const rose = tf.cast(tf.greater(loss, now.loss), "float32");
  return {
    current: next,
    previous: tf.clone(current),
    loss,
    gradient,
    best: chooseRows(better, next, now.best),
    bestLoss: chooseRows(better, loss, now.bestLoss),
    bestGradient: chooseRows(better, gradient, now.bestGradient),
    found: chooseRows(wrong, next, now.found),
    fooled: tf.logicalOr(wrong, now.fooled) as Tensor1D,
    rises: tf.add(now.rises, rose),
  };
}

function check(now: State, window: number): Partial<State> {
  const oscillates = tf.lessEqual(now.rises, RISING * window);
  const isStuck = tf.logicalAnd(
    tf.logicalNot(now.halved),
    tf.lessEqual(now.bestLoss, now.checkedLoss),
  );
  const halved = tf.logicalOr(oscillates, isStuck) as Tensor1D;
  return {
    current: chooseRows(halved, now.best, now.current),
    gradient: chooseRows(halved, now.bestGradient, now.gradient),
    step: chooseRows(halved, tf.mul(now.step, 0.5), now.step),
    rises: tf.zerosLike(now.rises),
    halved,
    checkedLoss: tf.clone(now.bestLoss),
  };
}

/** Loss, gradient and whether it is misclassified, at one point of each image. */
function evaluateAt(
  x: Tensor4D,
  classify: Classify,
  lossOf: ApgdLoss,
  { labels, targets }: { labels: Tensor2D; targets: Tensor2D },
) {
  let wrong: Tensor1D | undefined;
  const { value, grad } = tf.valueAndGrad((x) => {
    const logits = classify(x as Tensor4D);
    wrong = tf.keep(
      tf.tidy(() =>
        tf.notEqual(tf.argMax(logits, 1), tf.argMax(labels, 1)) as Tensor1D
      ),
    );
    return lossOf(logits, labels, targets);
  })(x, tf.ones([x.shape[0]]));
  // The caller's tidy disposes the clone; a kept tensor must be disposed here.
  const found = tf.clone(wrong!);
  wrong!.dispose();
  return { loss: value as Tensor1D, gradient: grad as Tensor4D, wrong: found };
}

/** A uniform direction for each image, scaled to the border of the ball. */
function drawStart(
  shape: readonly [number, number, number, number],
  streams: readonly Stream[],
  epsilon: number,
): Tensor4D {
  const size = shape[1] * shape[2] * shape[3];
  const start = new Float32Array(shape[0] * size);
  streams.forEach((stream, i) => {
    const part = start.subarray(i * size, (i + 1) * size);
    part.forEach((_, at) => part[at] = 2 * stream.uniform() - 1);
    const longest = part.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
    part.forEach((v, at) => part[at] = epsilon * v / (longest + 1e-12));
  });
  return tf.tensor4d(start, [...shape]);
}
