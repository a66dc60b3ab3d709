import * as tf from "@tensorflow/tfjs";
import type { Tensor1D, Tensor2D, Tensor4D } from "../core/tensors.ts";
import type { Stream } from "../core/stream.ts";
import { softmaxCrossEntropy } from "../ops/softmax_cross_entropy.ts";
import type { Attack, AttackBatch, Classify } from "./attack.ts";
import { checkCount, checkLengths } from "./_check.ts";
import { countZeroRows } from "./count_zero_rows.ts";
import { classOfRank, targetedDlr } from "./dlr.ts";
import { projectLinf } from "./project_linf.ts";

/** Settings of an APGD attack. */
export interface ApgdOptions {
  /** Radius of the L-infinity ball in pixel units, in `(0, 1]`. */
  epsilon: number;
  /** Iterations, at least 1; the paper has 100. */
  iterations: number;
}

/** What is to grow: a loss for each image, shape `[b]`. */
type Loss = (logits: Tensor2D) => Tensor1D;

/** Share of the full step in all iterations but the first. */
const MOMENTUM = 0.75;

/** Least share of rising losses between checkpoints that keeps the step. */
const RISING = 0.75;

/** Ranks of the clean logits that `apgd-t` aims at, as far as there are any. */
const lastTarget = 10;

/**
 * Auto-PGD on the cross-entropy (Croce and Hein 2020, arXiv:2003.01690, alg. 1):
 * projected ascent with momentum whose step, 2 epsilon at first, is halved and
 * which returns to the best point wherever it makes too little progress. It has
 * no step size to choose. The comparison of the first window starts at the
 * starting point; where the authors' code lets it wrap around to zero, it counts
 * as a rise whatever happened.
 *
 * @throws {RangeError} If a number is out of its range.
 */
export function apgdCe(options: ApgdOptions): Attack {
  const { iterations } = checked(options);
  return {
    name: `apgd-ce-${iterations}`,
    steps: iterations + 1,
    onlyRight: true,
    perturb(classify, batch) {
      const streams = openStreams(batch);
      const loss: Loss = (logits) => softmaxCrossEntropy(logits, batch.labels);
      const { fooled, ...found } = search(
        classify,
        batch,
        streams,
        loss,
        options,
      );
      fooled.dispose();
      return found;
    },
  };
}

/**
 * Auto-PGD on the targeted difference of logits ratio (ibid., sec. 5): one run
 * towards each of the classes that come second to tenth for the clean image. Of
 * the images found, the first that is misclassified is kept.
 *
 * @throws {RangeError} If a number is out of its range, or, when it is run, if
 * there are fewer than 4 classes.
 */
export function apgdTargeted(options: ApgdOptions): Attack {
  const { iterations } = checked(options);
  return {
    name: `apgd-t-${iterations}`,
    steps: (lastTarget - 1) * (iterations + 1),
    onlyRight: true,
    perturb(classify, batch) {
      const { images, labels } = batch;
      const classes = labels.shape[1];
      if (classes < 4) {
        throw new RangeError(
          `Cannot attack with apgd-t as there must be at least 4 classes: current value is ${classes}`,
        );
      }
      const streams = openStreams(batch);
      const clean = classify(images);
      let best: ReturnType<typeof search> | undefined;
      for (let rank = 2; rank <= Math.min(lastTarget, classes); rank++) {
        const targets = classOfRank(clean, rank);
        const loss: Loss = (logits) => targetedDlr(logits, labels, targets);
        const found = search(classify, batch, streams, loss, options);
        targets.dispose();
        best = best === undefined ? found : merge(best, found);
      }
      clean.dispose();
      best!.fooled.dispose();
      return { images: best!.images, zeroGradients: best!.zeroGradients };
    },
  };
}

/**
 * Iterations behind which progress is checked: after 22 % of all, then after
 * ever fewer, but never fewer than 6 %.
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

function checked(options: ApgdOptions): ApgdOptions {
  checkLengths({ epsilon: options.epsilon });
  checkCount("iterations", options.iterations);
  return options;
}

function openStreams({ images, streamOf }: AttackBatch): Stream[] {
  return Array.from({ length: images.shape[0] }, (_, i) => streamOf(i));
}

/** Where one run stands; masks are 0 or 1, one number an image is `[b,1,1,1]`. */
interface State extends tf.NamedTensorMap {
  /** Current point and the one before it. */
  current: Tensor4D;
  previous: Tensor4D;
  /** Loss and gradient at the current point. */
  loss: tf.Tensor;
  gradient: Tensor4D;
  /** Best point so far, with its loss and gradient. */
  best: Tensor4D;
  bestLoss: tf.Tensor;
  bestGradient: Tensor4D;
  /** Last misclassified point, and whether there was one. */
  adversarial: Tensor4D;
  fooled: tf.Tensor;
  /** Length of a step. */
  step: tf.Tensor;
  /** Rises of the loss since the last checkpoint. */
  rises: tf.Tensor;
  /** Whether the step was halved there, and the best loss of then. */
  halved: tf.Tensor;
  checkedLoss: tf.Tensor;
}

function search(
  classify: Classify,
  { images, labels }: AttackBatch,
  streams: readonly Stream[],
  lossOf: Loss,
  { epsilon, iterations }: ApgdOptions,
) {
  const evaluate = (x: Tensor4D) => evaluateAt(x, { classify, labels, lossOf });
  const project = (x: tf.Tensor) => projectLinf(x as Tensor4D, images, epsilon);
  let state: State = tf.tidy(() => start());
  const zeroGradients = countZeroRows(state.gradient);
  const checks = new Set(checkpoints(iterations));
  let checkedAt = 0;
  for (let i = 1; i <= iterations; i++) {
    advance((now) => move(now, i === 1 ? 1 : MOMENTUM));
    if (!checks.has(i)) continue;
    const window = i - checkedAt;
    advance((now) => check(now, window));
    checkedAt = i;
  }
  const { adversarial, best, fooled } = state;
  const found = tf.tidy(() => ({
    // Where nothing was misclassified, the image that came nearest to it.
    images: choose(fooled, adversarial, best),
    fooled: tf.clone(fooled),
  }));
  tf.dispose(state);
  return { ...found, zeroGradients };

  function advance(next: (now: State) => State): void {
    const then = tf.tidy(() => next(state));
    tf.dispose(state);
    state = then;
  }
  function start(): State {
    const current = tf.clipByValue(
      tf.add(images, drawStart(images.shape, streams, epsilon)),
      0,
      1,
    ) as Tensor4D;
    const { loss, gradient, wrong } = evaluate(current);
    return {
      current,
      previous: tf.clone(current),
      loss,
      gradient,
      best: tf.clone(current),
      bestLoss: tf.clone(loss),
      bestGradient: tf.clone(gradient),
      adversarial: tf.clone(current),
      fooled: wrong,
      step: tf.fill(loss.shape, 2 * epsilon),
      rises: tf.zerosLike(loss),
      // So that a best loss that never changed cannot halve it at once.
      halved: tf.onesLike(loss),
      checkedLoss: tf.clone(loss),
    };
  }
  function move(now: State, share: number): State {
    const { current, previous } = now;
    const ahead = project(
      tf.add(current, tf.mul(now.step, tf.sign(now.gradient))),
    );
    const next = project(tf.add(
      current,
      tf.add(
        tf.mul(tf.sub(ahead, current), share),
        tf.mul(tf.sub(current, previous), 1 - share),
      ),
    ));
    const { loss, gradient, wrong } = evaluate(next);
    const better = tf.cast(tf.greater(loss, now.bestLoss), "float32");
    const rose = tf.cast(tf.greater(loss, now.loss), "float32");
    return {
      ...clones(now),
      current: next,
      previous: tf.clone(current),
      loss,
      gradient,
      best: choose(better, next, now.best),
      bestLoss: tf.maximum(loss, now.bestLoss),
      bestGradient: choose(better, gradient, now.bestGradient),
      adversarial: choose(wrong, next, now.adversarial),
      fooled: tf.maximum(wrong, now.fooled),
      rises: tf.add(now.rises, rose),
    };
  }
  function check(now: State, window: number): State {
    const oscillates = tf.lessEqual(now.rises, RISING * window);
    const stands = tf.logicalAnd(
      tf.equal(now.halved, 0),
      tf.lessEqual(now.bestLoss, now.checkedLoss),
    );
    const halve = tf.cast(tf.logicalOr(oscillates, stands), "float32");
    return {
      ...clones(now),
      current: choose(halve, now.best, now.current),
      gradient: choose(halve, now.bestGradient, now.gradient),
      step: tf.sub(now.step, tf.mul(tf.mul(now.step, halve), 0.5)),
      rises: tf.zerosLike(now.rises),
      halved: halve,
      checkedLoss: tf.clone(now.bestLoss),
    };
  }
}

/** What of a state stays as it is outlives the state that it was part of. */
function clones(state: State): State {
  return Object.fromEntries(
    Object.entries(state).map(([name, tensor]) => [name, tf.clone(tensor)]),
  ) as State;
}

/** Loss, gradient and whether it is misclassified, at one point of each image. */
function evaluateAt(
  x: Tensor4D,
  { classify, labels, lossOf }: {
    classify: Classify;
    labels: Tensor2D;
    lossOf: Loss;
  },
) {
  const [rows] = x.shape;
  let wrong: tf.Tensor | undefined;
  const { value, grad } = tf.valueAndGrad((x) => {
    const logits = classify(x as Tensor4D);
    wrong = tf.keep(tf.tidy(() =>
      tf.cast(
        tf.notEqual(tf.argMax(logits, 1), tf.argMax(labels, 1)),
        "float32",
      )
    ));
    return lossOf(logits);
  })(x, tf.ones([rows]));
  const perImage = (tensor: tf.Tensor) => tf.reshape(tensor, [rows, 1, 1, 1]);
  const result = {
    loss: perImage(value),
    gradient: grad as Tensor4D,
    wrong: perImage(wrong!),
  };
  wrong!.dispose();
  return result;
}

/** A uniform direction of each image, as long as the ball allows. */
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

function choose(mask: tf.Tensor, yes: tf.Tensor, no: tf.Tensor): Tensor4D {
  // A product would carry a NaN from the side that is not chosen.
  return tf.where(tf.cast(mask, "bool"), yes, no) as Tensor4D;
}

/** Adds the images of a further run where the first fooled nobody. */
function merge(
  first: ReturnType<typeof search>,
  second: ReturnType<typeof search>,
): ReturnType<typeof search> {
  const merged = tf.tidy(() => ({
    images: choose(first.fooled, first.images, second.images),
    fooled: tf.maximum(first.fooled, second.fooled),
    zeroGradients: tf.clone(first.zeroGradients),
  }));
  tf.dispose([first, second].flatMap((found) => Object.values(found)));
  return merged;
}
