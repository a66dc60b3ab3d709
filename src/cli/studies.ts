import { countOf } from "../core/count_of.ts";
import { z } from "zod";
import { backendNames } from "../spec/backends.ts";
import { gaussianStudySchema } from "../gaussian/gaussian_study.ts";
import { namedStudies } from "../spec/named_studies.ts";
import { planCells } from "../spec/plan_cells.ts";
import { defineCommand } from "./command.ts";
import { formatCost } from "./study_cost.ts";
import { program } from "./program.ts";

const options = z.strictObject({
  json: z.boolean().default(false).describe("Print the studies as JSON"),
  estimate: z.boolean().optional().describe(
    "Measure rates for a few seconds and print an upper estimate of the time of each study on this machine (default: yes, but not with --json)",
  ),
});

/** `studies`: what `sweep --study NAME` can run, and the toy experiment. */
export const studiesCommand = defineCommand({
  examples: ["", "--no-estimate", "--json"],
  options,
  help:
    `Core-hours are an upper estimate: attacks that end early for misclassified
images are not deducted.`,
  async run({ json, estimate = !json }, io) {
    const studies = Object.values(namedStudies);
    const toy = gaussianStudySchema.parse({});
    const costs = estimate
      ? await (await import("../sweep/sweep_estimate.ts"))
        .estimateStudies(studies)
      : [];
    if (json) {
      const listed = studies.map((study, i) => {
        const cost = costs[i];
        return cost === undefined ? study : { ...study, estimate: cost };
      });
      io.print(JSON.stringify([...listed, toy], null, 2));
      return 0;
    }
    const lines = [
      ...studies.map((study, i) => {
        // The count is the same on every backend.
        const cells = planCells(study, backendNames[0]).length;
        const images = `${study.dataset}${
          study.limitTrain === undefined
            ? ""
            : `, ${countOf(study.limitTrain, "image")}`
        }`;
        const cost = costs[i] === undefined
          ? ""
          : `; up to ${formatCost(costs[i])} on this machine`;
        return `${study.name}: ${
          countOf(cells, "cell")
        } on ${images}${cost}\n  ${study.description}`;
      }),
      `${toy.name}: ${
        countOf(toy.seeds.length, "seed")
      }, run by "${program} gaussian"\n  ${toy.description}`,
    ];
    io.print(lines.join("\n\n"));
    return 0;
  },
});
