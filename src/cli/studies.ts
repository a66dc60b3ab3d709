import { z } from "zod";
import { backendNames } from "../spec/backends.ts";
import { gaussianStudySchema } from "../gaussian/gaussian_study.ts";
import { namedStudies } from "../spec/named_studies.ts";
import { planCells } from "../spec/plan_cells.ts";
import { defineCommand } from "./command.ts";

const options = z.strictObject({
  json: z.boolean().default(false).describe("Print the studies as JSON"),
});

/** `studies`: what `sweep --study NAME` can run, and the toy study. */
export const studiesCommand = defineCommand({
  examples: ["", "--json"],
  options,
  run({ json }, io) {
    const studies = Object.values(namedStudies);
    const toy = gaussianStudySchema.parse({});
    if (json) {
      io.print(JSON.stringify([...studies, toy], null, 2));
      return 0;
    }
    const lines = [
      ...studies.map((study) => {
        // The count is the same on every backend.
        const cells = planCells(study, backendNames[0]).length;
        const images = `${study.dataset}${
          study.limitTrain === undefined ? "" : `, ${study.limitTrain} images`
        }`;
        return `${study.name}: ${cells} cells on ${images}\n  ${study.description}`;
      }),
      `${toy.name}: ${toy.seeds.length} seeds, run by "deno task gaussian"\n  ${toy.description}`,
    ];
    io.print(lines.join("\n\n"));
    return 0;
  },
});
