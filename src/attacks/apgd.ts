import * as tf from "@tensorflow/tfjs";
import { softmaxCrossEntropy } from "../kernels/ops/softmax_cross_entropy.ts";
import { requireCount } from "../core/require_count.ts";
import { checkLengths } from "./_check.ts";
import { joinParts, type Part, takeRows } from "./_retire.ts";
import { type ApgdOptions, searchApgd } from "./apgd_search.ts";
import { type Attack, type AttackBatch, requireClasses } from "./attack.ts";
import { classOfRank, targetedDlr } from "./dlr.ts";

/** Ranks of the clean logits whose classes are the targets of `apgd-t`. */
const [FIRST_TARGET, LAST_TARGET] = [2, 10];

/**
 * Auto-PGD on the cross-entropy (Croce and Hein 2020, arXiv:2003.01690, alg. 1).
 * It has no step size to choose.
 *
 * @throws {RangeError} If a number is out of its range.
 */
export function apgdCe(options: ApgdOptions): Attack {
  const { iterations } = checked(options);
  return {
    name: `apgd-ce-${iterations}`,
    steps: iterations + 1,
    onlyRight: true,
    async perturb(classify, batch) {
      const { images, labels } = batch;
      const { fooled, left, zeroGradients } = await searchApgd(
        classify,
        { images, labels, targets: labels, streams: openStreams(batch) },
        softmaxCrossEntropy,
        options,
      );
      return { images: joinParts([...fooled, ...left]), zeroGradients };
    },
  };
}

/**
 * Auto-PGD on the targeted difference of logits ratio (ibid., sec. 5): one run
 * towards each of the classes ranked second to tenth for the clean image, until
 * it is misclassified.
 *
 * @throws {RangeError} If a number is out of its range, or, when it runs, if
 * there are fewer than 4 classes.
 */
export function apgdTargeted(options: ApgdOptions): Attack {
  const { iterations } = checked(options);
  const attack: Attack = {
    name: `apgd-t-${iterations}`,
    steps: (LAST_TARGET - FIRST_TARGET + 1) * (iterations + 1),
    onlyRight: true,
    leastClasses: 4,
    async perturb(classify, batch) {
      const classes = batch.labels.shape[1];
      requireClasses(attack, classes);
      const clean = classify(batch.images);
      const streams = openStreams(batch);
      const zeroGradients: tf.Scalar[] = [];
      const fooled: Part[] = [];
      let left: Part[] = [
        { places: [...streams.keys()], images: tf.clone(batch.images) },
      ];
      const last = Math.min(LAST_TARGET, classes);
      for (let rank = FIRST_TARGET; rank <= last; rank++) {
        const [part] = left;
        if (part === undefined) break;
        const { places } = part;
        const tensors = tf.tidy(() => ({
          images: takeRows(batch.images, places),
          labels: takeRows(batch.labels, places),
          targets: classOfRank(takeRows(clean, places), rank),
        }));
        const found = await searchApgd(
          classify,
          { ...tensors, streams: places.map((place) => streams[place]!) },
          targetedDlr,
          options,
        );
        const placed = ({ places: rows, images }: Part): Part => ({
          places: rows.map((row) => places[row]!),
          images,
        });
        fooled.push(...found.fooled.map(placed));
        tf.dispose([part.images, Object.values(tensors)]);
        left = found.left.map(placed);
        zeroGradients.push(found.zeroGradients);
      }
      clean.dispose();
      tf.dispose(zeroGradients.slice(1));
      return {
        images: joinParts([...fooled, ...left]),
        // Of the first run, the only one on all images.
        zeroGradients: zeroGradients[0]!,
      };
    },
  };
  return attack;
}

function checked(options: ApgdOptions): ApgdOptions {
  checkLengths({ epsilon: options.epsilon });
  requireCount("iterations", options.iterations);
  return options;
}

function openStreams({ images, streamOf }: AttackBatch) {
  return Array.from({ length: images.shape[0] }, (_, i) => streamOf(i));
}
