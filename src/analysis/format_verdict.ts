import { countOf } from "../core/count_of.ts";
import { capitalise } from "../core/capitalise.ts";
import { formatChange } from "../core/format_change.ts";
import { inferenceOf } from "./effect.ts";
import type { ArmContrast, Verdict } from "./verdict.ts";

/** A verdict in words: a sentence for a headline, and five lines. */
export interface VerdictText {
  /** The finding, without a full stop. */
  readonly headline: string;
  /**
   * What the duplicates did, what more of them did, training, leaks, and the power
   * of the tests.
   */
  readonly lines: readonly string[];
}

/** Puts a verdict into words; it says no more than its tests do. */
export function formatVerdict(verdict: Verdict): VerdictText {
  const { own, more } = verdict;
  return {
    headline: own === undefined
      ? more === undefined
        ? "These runs are not enough for an answer"
        : sentence("duplicates added to these images", more, verdict)
      : sentence("the duplicates in these images", own, verdict),
    lines: [
      describeOwn(verdict),
      describeMore(verdict),
      describeTraining(verdict),
      describeLeaks(verdict),
      describeNeeds(verdict),
    ],
  };
}

function sentence(
  subject: string,
  { effect, finding, reason }: ArmContrast,
  { margin }: Verdict,
): string {
  const { mean } = effect.test;
  const change = Math.abs(mean).toFixed(1);
  const { interval } = inferenceOf(effect);
  switch (finding) {
    case "higher":
      return `${capitalise(subject)} raise accuracy by ${change} points`;
    case "lower":
      return `${capitalise(subject)} lower accuracy by ${change} points`;
    case "no change above the margin":
      return `${capitalise(subject)} change accuracy by less than ${
        points(margin)
      }`;
    case "inconclusive":
      return `These runs show no effect of ${subject} on accuracy: ${
        interval === null
          ? reason
          : `${formatChange(mean)} points, 95 % interval ${
            formatChange(interval[0])
          } to ${formatChange(interval[1])}`
      }`;
  }
}

function describeOwn({ own, removed, trainRows }: Verdict): string {
  if (own === undefined) {
    return "Duplicates: these runs remove none, so they do not show their effect.";
  }
  const { mean, otherMean } = own;
  return `Duplicates: ${count(removed)} of ${
    count(trainRows)
  } training images (${percent(removed / trainRows)} %). Accuracy with them ${
    mean.toFixed(1)
  } %, cleaned ${otherMean.toFixed(1)} %: they ${describeEffect(own)}.`;
}

function describeMore({ more, added, ratio, own }: Verdict): string {
  if (more === undefined) return "More: no duplicates were added.";
  const { mean } = more;
  return `${own === undefined ? "Added" : "More"}: ${count(added)} ${
    own === undefined ? "copies" : "duplicates like these"
  }, ${ratio} per image, are added. Accuracy ${mean.toFixed(1)} %; they ${
    describeEffect(more)
  }.`;
}

/** `lower it by 0.8 points (95 % interval …; shown)`: measured and concluded. */
function describeEffect(contrast: ArmContrast): string {
  const { effect, finding, reason } = contrast;
  const { mean, n } = effect.test;
  const size = Math.abs(mean).toFixed(1);
  const verb = finding === "higher" || finding === "lower"
    ? `${finding === "lower" ? "lower" : "raise"} it by ${size} points`
    : `change it by ${formatChange(mean)} points`;
  const { interval, coversImages } = inferenceOf(effect);
  const range = interval === null
    ? "one seed has no interval"
    : `95 % interval of the change ${formatChange(interval[0])} to ${
      formatChange(interval[1])
    }, over ${n} seeds${coversImages ? " and the test images" : ""}`;
  const conclusion = finding === "inconclusive"
    ? `no conclusion: ${reason}`
    : finding === "no change above the margin"
    ? "shown to be smaller than the margin"
    : "shown";
  return `${verb} (${range}; ${conclusion})`;
}

function describeTraining(
  { trainRows, removed, added, steps, images }: Verdict,
): string {
  const kept = trainRows - removed;
  const pass = removed === 0
    ? `with the ${count(added)} added, one pass over the images is ${
      percent(added / trainRows)
    } % longer`
    : `one pass over the images takes ${count(trainRows)} as they are and ${
      count(kept)
    } cleaned, so duplicates make it ${percent(removed / kept)} % longer`;
  return `Training: every run takes ${count(steps)} steps of ${
    count(Math.round(images / steps))
  } images; ${pass}.`;
}

function describeLeaks({ leaks, testRows }: Verdict): string {
  if (leaks === undefined) {
    return `Leaks: none of the ${
      count(testRows)
    } test images has a duplicate among the training images.`;
  }
  const { images, of, accuracy, otherAccuracy, allAccuracy } = leaks;
  const change = allAccuracy - otherAccuracy;
  return `Leaks: ${count(images)} of ${
    count(of)
  } test images have a duplicate among the training images and are not counted above. Without cleaning, ${
    accuracy.toFixed(1)
  } % of these are classified correctly, and ${
    otherAccuracy.toFixed(1)
  } % of the others: including them would ${
    change < 0 ? "lower" : "raise"
  } accuracy by ${Math.abs(change).toFixed(1)} points.`;
}

function describeNeeds({ own, more, margin, testRows }: Verdict): string {
  const contrast = own ?? more;
  const detectable = contrast && inferenceOf(contrast.effect).detectable;
  if (contrast === undefined || !detectable) {
    return "Power: unknown with fewer than 2 seeds.";
  }
  const { needs, effect } = contrast;
  const head = `Power: ${effect.test.n} seeds and ${
    count(testRows)
  } test images detect a change of ${
    points(roundBeyond(detectable, margin))
  } with 80 % power`;
  if (needs === null || detectable <= margin) return `${head}.`;
  return `${head}; detecting ${points(margin)} would take about ${
    count(needs.seeds)
  } seeds${
    needs.images > testRows
      ? ` and ${
        count(needs.images)
      } test images, as no number of seeds is enough with the present ones`
      : ""
  }.`;
}

/** One decimal; upwards where the nearest one would be 0 or within the margin. */
function roundBeyond(size: number, margin: number): number {
  const nearest = Number(size.toFixed(1));
  return nearest > 0 && (nearest > margin || size <= margin)
    ? nearest
    : Math.ceil(10 * size) / 10;
}

function points(size: number): string {
  return countOf(size, "point");
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}

function count(size: number): string {
  return size.toLocaleString("en-US");
}
