import type { MetricName } from "./names.ts";
import { namesOf, type Term } from "./term.ts";

export type { MetricName };

/** What an analysis measures of a cell. */
export interface MetricTerm extends Term {
  /**
   * Unit of slopes and differences: percentage points of the test images, or per
   * cent of the value of the same seed at ratio 0.
   */
  readonly unit: "points" | "% of ratio 0";
  /**
   * What cells have to reach for it; the cells of a seed share one goal. None: a
   * cell has its value by itself.
   */
  readonly goal?: "accuracy" | "loss";
  /**
   * The metric of which it is the same on some of the test images: no hypothesis
   * of its own, so that it is not among those over which p-values are adjusted.
   */
  readonly partOf?: MetricName;
  /** Whether it counts the test images under attack only. */
  readonly isAttacked?: true;
}

/** What distinct images are. */
export const distinctMeaning =
  "test images of CIFAR-10 that have no near duplicate among its 50,000 training images";

/** The same accuracy on distinct images. */
function onDistinct<Name extends string>(partOf: Name, title: string) {
  return {
    title: `${title} on distinct images`,
    meaning: `${title} on the ${distinctMeaning}`,
    unit: "points" as const,
    partOf,
  };
}

/** What an analysis measures. */
export const metrics = {
  "clean": {
    title: "clean accuracy",
    meaning: "test images classified correctly, without an attack",
    unit: "points",
  },
  "adversarial": {
    title: "worst-case accuracy",
    meaning:
      "test images classified correctly both clean and under every attack",
    unit: "points",
    isAttacked: true,
  },
  "flipped-clean": {
    title: "clean accuracy with mirror images",
    meaning:
      "test images classified correctly by the mean of the logits of the image and of its mirror image, without an attack",
    unit: "points",
  },
  "averaged-clean": {
    title: "clean accuracy of averaged weights",
    meaning:
      "test images that the moving average of the weights classifies correctly, without an attack",
    unit: "points",
  },
  "averaged-adversarial": {
    title: "worst-case accuracy of averaged weights",
    meaning:
      "test images that the moving average of the weights classifies correctly both clean and under every attack",
    unit: "points",
    isAttacked: true,
  },
  "best-clean": {
    title: "clean accuracy after the best epoch",
    meaning:
      "test images that the weights after the best epoch on held-out images classify correctly, without an attack",
    unit: "points",
  },
  "best-adversarial": {
    title: "worst-case accuracy after the best epoch",
    meaning:
      "test images that the weights after the best epoch on held-out images classify correctly both clean and under every attack",
    unit: "points",
    isAttacked: true,
  },
  "clean-distinct": onDistinct("clean", "clean accuracy"),
  "adversarial-distinct": onDistinct("adversarial", "worst-case accuracy"),
  "flipped-clean-distinct": onDistinct(
    "flipped-clean",
    "clean accuracy with mirror images",
  ),
  "averaged-clean-distinct": onDistinct(
    "averaged-clean",
    "clean accuracy of averaged weights",
  ),
  "averaged-adversarial-distinct": onDistinct(
    "averaged-adversarial",
    "worst-case accuracy of averaged weights",
  ),
  "best-clean-distinct": onDistinct(
    "best-clean",
    "clean accuracy after the best epoch",
  ),
  "best-adversarial-distinct": onDistinct(
    "best-adversarial",
    "worst-case accuracy after the best epoch",
  ),
  "epoch-time": {
    title: "time per epoch",
    meaning:
      "median time of the epochs after the first, in which code is compiled",
    unit: "% of ratio 0",
  },
  "time-to-accuracy": {
    title: "time to accuracy",
    meaning:
      "epochs to a given accuracy on the test images, times the time per epoch",
    unit: "% of ratio 0",
    goal: "accuracy",
  },
  "epochs-to-accuracy": {
    title: "epochs to accuracy",
    meaning:
      "epochs until a given accuracy on the test images is first reached, interpolated between evaluations",
    unit: "% of ratio 0",
    goal: "accuracy",
  },
  "images-to-accuracy": {
    title: "images to accuracy",
    meaning:
      "images processed in training, repetitions included, until a given accuracy on the test images is first reached, interpolated between evaluations",
    unit: "% of ratio 0",
    goal: "accuracy",
  },
  "time-to-loss": {
    title: "time to loss",
    meaning:
      "time until the mean training loss of an epoch falls to the lowest value that all ratios of the seed reach; only for runs without evaluations between epochs",
    unit: "% of ratio 0",
    goal: "loss",
  },
} as const satisfies Record<string, MetricTerm>;

/** Names of the metrics. */
export const metricNames: readonly [MetricName, ...MetricName[]] = namesOf(
  metrics,
);

/** What is known of a metric. */
export function metricOf(name: MetricName): MetricTerm {
  return metrics[name];
}
