import { countOf } from "../core/count_of.ts";
import { type Flag, flagNames } from "../results/outcome.ts";
import { nameShard } from "../results/name_part.ts";
import type { ReportContent } from "./report_content.ts";
import { sayTitles } from "./study_title.ts";

/** What each flag means. */
export const flagMeanings: Readonly<Record<Flag, string>> = {
  "diverged":
    "the training loss, or after the last step a weight or a logit, became infinite or not a number; such runs are left out of all means",
  "perturbation-exceeds-epsilon": "the attack changed a pixel by more than ε",
  "pixels-out-of-range": "the attack left the range of pixel values",
  "not-a-number": "the attack produced pixels that are not numbers",
  "adversarial-above-clean":
    "accuracy under attack is above clean accuracy, so the attack does not work",
  "zero-gradient":
    "for some image the gradient was zero, so the attack may be weaker than it seems",
  "tensor-leak": "the run kept tensors in memory that it should have disposed",
  "randomized-model": "the network gives different answers to the same image",
  "softmax-output":
    "the network returns probabilities instead of logits, which makes gradient attacks fail",
  "square-beats-white-box":
    "random search found more misclassified images than all gradient attacks, so these must be too weak",
  "catastrophic-overfitting":
    "the network resists the single step that it was trained on, but no stronger attack: almost no training image is classified correctly under PGD",
};

/** What a report says where nothing limits it. */
export const NO_DOUBTS = "No run failed, diverged or raised a flag.";

const MOST_FAILURES = 5;

/** What limits the conclusions of a report, one line each. */
export function reliabilityOf(
  { studies, analysis }: ReportContent,
): string[] {
  const sets = studies.flatMap(({ sets }) => sets);
  const parts = sets.flatMap(({ study, shard }) =>
    shard === undefined ? [] : [
      `${study.name}: only ${nameShard(shard)} of the study`,
    ]
  );
  const failures = sets.flatMap(({ study, cells }) =>
    cells.flatMap((cell) =>
      cell.status === "failed"
        ? [`${study.name}, cell ${cell.id}: ${firstLine(cell.error)}`]
        : []
    )
  );
  const raised = new Set<Flag>(
    sets.flatMap(({ cells }) =>
      cells.flatMap((cell) =>
        cell.status === "finished"
          ? cell.outcome.flags.map(({ flag }) => flag)
          : []
      )
    ),
  );
  const rest = failures.length - MOST_FAILURES;
  const lines = [
    ...parts,
    ...analysis.warnings,
    ...failures.slice(0, MOST_FAILURES),
  ];
  return [
    ...sayTitles(lines, sets.map(({ study }) => study.name)),
    ...(rest > 0 ? [`${countOf(rest, "more cell")} failed`] : []),
    ...flagNames.filter((flag) => raised.has(flag))
      .map((flag) => `${flag}: ${flagMeanings[flag]}`),
  ];
}

function firstLine(text: string): string {
  const line = text.trim().split("\n")[0]!;
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
