import type { Tensor2D, Tensor4D } from "../kernels/ops/tensors.ts";
import type {
  AscentBatch,
  AscentOptions,
  AscentResult,
} from "./plan_ascent.ts";

/** A classifier as an attack sees it: images `[b, h, w, c]` to logits `[b, k]`. */
export interface Classify {
  /**
   * Class scores before the softmax, differentiable for the images.
   *
   * @throws {RangeError} If the classifier is compiled and the images are not
   * float32, or have another shape than those it is for.
   */
  (images: Tensor4D): Tensor2D;
  /**
   * Computes a whole projected ascent on the cross-entropy, where the classifier
   * is compiled. Absent: the attack takes its steps itself.
   */
  readonly ascend?:
    | ((batch: AscentBatch, options: AscentOptions) => AscentResult)
    | undefined;
}
