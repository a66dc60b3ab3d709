import { type Flag, flagNames } from "../results/outcome.ts";
import type { ReportContent } from "./report_content.ts";

const meanings: Readonly<Record<Flag, string>> = {
  "diverged":
    "training ran off to no number; such runs are left out of all means",
  "perturbation-exceeds-epsilon": "the attack changed a pixel by more than ε",
  "pixels-out-of-range": "the attack left the range of pixels",
  "not-a-number": "the attack made pixels that are no numbers",
  "adversarial-above-clean":
    "accuracy under attack is above that without, so the attack does not work",
  "zero-gradient":
    "on some image there was no gradient to follow, so the attack may be weaker than it seems",
  "tensor-leak": "the run kept memory that it should have given back",
  "randomized-model": "the network answers differently when asked again",
  "softmax-output":
    "the network gives probabilities, on which gradient attacks fail",
  "square-beats-white-box":
    "random search found more than all gradient attacks, which must then be too weak",
};

const MOST_FAILURES = 5;

/** What makes a report less than it seems, a line each. */
export function reliabilityOf(
  { studies, analysis }: ReportContent,
): string[] {
  const sets = studies.flatMap(({ sets }) => sets);
  const parts = sets.flatMap(({ study, shard }) =>
    shard === undefined ? [] : [
      `${study.name}: part ${shard.index} of ${shard.count} of the study only`,
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
  return [
    ...parts,
    ...analysis.doubts,
    ...failures.slice(0, MOST_FAILURES),
    ...(rest > 0 ? [`${rest} more cells failed`] : []),
    ...flagNames.filter((flag) => raised.has(flag))
      .map((flag) => `${flag}: ${meanings[flag]}`),
  ];
}

function firstLine(text: string): string {
  const line = text.trim().split("\n")[0]!;
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
