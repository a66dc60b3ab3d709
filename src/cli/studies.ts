import { z } from "zod";
import { backendNames } from "../spec/backends.ts";
import { gaussianStudySchema } from "../gaussian/gaussian_study.ts";
import { namedStudies } from "../spec/named_studies.ts";
import { planCells } from "../spec/plan_cells.ts";
import type { Command } from "./command.ts";
import { validate } from "./flags.ts";

const options = z.strictObject({
  json: z.boolean().default(false).describe("Print the studies as JSON"),
});

/** `studies`: what `sweep --study NAME` can run, and the toy study. */
export const studiesCommand: Command = {
  name: "studies",
  summary: "List the studies that ship with dupbench",
  examples: ["", "--json"],
  options,
  run(flags) {
    const { json } = validate(options, flags);
    const studies = Object.values(namedStudies);
    const toy = gaussianStudySchema.parse({});
    if (json) {
      console.log(JSON.stringify([...studies, toy], null, 2));
      return Promise.resolve(0);
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
    console.log(lines.join("\n\n"));
    return Promise.resolve(0);
  },
};
