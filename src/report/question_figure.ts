import { canonicalJson } from "../core/digest.ts";
import { listWords } from "../core/list_words.ts";
import type { Arm } from "../analysis/arm.ts";
import { type ClaimResult, isAtChance } from "../analysis/judge_claim.ts";
import { armKeys, valuesOf } from "./arm_words.ts";
import { isCopiesOrFair, shortNameOf } from "./effect_rows.ts";
import type { Curve } from "./draw_panel.ts";
import type { Figure } from "./figure.ts";
import { describeSpread, joinSentences } from "./figure_captions.ts";
import { drawLearning, learningPanelsOf } from "./learning_figure.ts";
import { drawLineFigure } from "./line_figure.ts";
import type { StudyReport } from "./report_series.ts";
import { panelsOf } from "./series_panels.ts";
import { titleOfStudy } from "./study_title.ts";

/** What tells copies and their controls apart. */
const CONTROL_KEYS = ["standIn", "mode"] as const;

/**
 * Draws what a claim is judged on: clean accuracy against the ratio, with copies
 * and their controls in one panel; accuracy during training where the claim is
 * about efficiency.
 *
 * @returns Nothing where no runs are about the claim, or they are at chance level.
 */
export function drawQuestionFigure(
  claim: ClaimResult,
  studies: readonly StudyReport[],
  id: string,
): Promise<Figure> | undefined {
  if (claim.test === null || isAtChance(claim)) return undefined;
  const isOf = (arm: Arm) => claim.arms.some((own) => isComparable(own, arm));
  const heading = claim.statement;
  if (claim.metric !== "clean") {
    const chosen = studies.map(({ study, learning }) => ({
      study,
      learning: learning.filter(({ arm }) =>
        claim.arms.some((own) => isSame(own, arm))
      ),
    })).filter(({ learning }) => learning.length > 0);
    if (chosen.length === 0) return undefined;
    const panels = joinEqual(
      chosen.map(({ study, learning }) => ({
        study,
        panels: learningPanelsOf(learning),
      })),
    );
    const learning = chosen.flatMap(({ learning }) => learning);
    return drawLearning(panels, { learning, id, heading });
  }
  const chosen = studies.map(({ study, series }) => ({
    study,
    series: series.filter(({ arm, metric }) =>
      metric === "clean" && isCopiesOrFair(arm) && isOf(arm)
    ),
  })).filter(({ series }) => series.length > 0);
  if (chosen.length === 0) return undefined;
  const panels = joinEqual(
    chosen.map(({ study, series }) => ({
      study,
      panels: panelsOf(series, CONTROL_KEYS).map(
        ({ title, curves, series }) => ({
          title,
          // As in the picture of all effects.
          curves: curves.map((curve, i) => ({
            ...curve,
            name: shortNameOf(series[i]!.arm),
          })),
        }),
      ),
    })),
  );
  return drawLineFigure(panels, {
    id,
    heading,
    caption: joinSentences(
      "Percentage of the test images that are classified correctly without an attack.",
      describeSpread(chosen.flatMap(({ series }) => series)),
    ),
    yTitle: "accuracy, %",
    unit: "%",
  });
}

/** Curves of a study that belong in one plot. */
interface Panel {
  title: string;
  curves: Curve[];
}

/**
 * The panels of several studies, with the names of their studies. Studies that
 * share their cells have the same curves, which are drawn once.
 */
function joinEqual(
  all: readonly { study: string; panels: readonly Panel[] }[],
): Panel[] {
  const named = all.flatMap(({ study, panels }) =>
    panels.map((panel) => ({ study, ...panel }))
  );
  return [...Map.groupBy(named, ({ curves }) => canonicalJson(curves)).values()]
    .map((equal) => {
      const { title, curves } = equal[0]!;
      const studies = new Set(equal.map(({ study }) => study));
      return {
        title: studies.size === all.length
          ? title
          : `${title} · ${listWords(new Set([...studies].map(titleOfStudy)))}`,
        curves,
      };
    });
}

/** Whether an arm is another, or a control of it. */
function isComparable(arm: Arm, other: Arm): boolean {
  return differing(arm, other).every((key) =>
    CONTROL_KEYS.some((control) => control === key)
  );
}

function isSame(arm: Arm, other: Arm): boolean {
  return differing(arm, other).length === 0;
}

function differing(arm: Arm, other: Arm) {
  const [a, b] = [valuesOf(arm), valuesOf(other)];
  return armKeys.filter((key) => (a[key] ?? null) !== (b[key] ?? null));
}
