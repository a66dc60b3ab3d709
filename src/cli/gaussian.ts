import { z } from "zod";
import { UsageError } from "../core/errors.ts";
import { drawBoundaries } from "../gaussian/draw_boundaries.ts";
import { formatGaussian, formatVerdict } from "../gaussian/format_gaussian.ts";
import {
  type GaussianStudy,
  gaussianStudySchema,
} from "../gaussian/gaussian_study.ts";
import { runGaussian } from "../gaussian/run_gaussian.ts";
import { summariseGaussian } from "../gaussian/summarise_gaussian.ts";
import { writeFileAtomically } from "../results/write_file.ts";
import { contentName } from "../spec/content_name.ts";
import type { Command, GivenFlags } from "./command.ts";
import { validate } from "./flags.ts";

const runOptions = z.strictObject({
  out: z.string().min(1).optional().describe(
    "Result file, ending in .json; .md and .svg are written beside it (default results/NAME.json)",
  ).meta({ value: "FILE.json" }),
  margin: z.number().gt(0).default(1).describe(
    "Change of accuracy that is worth naming, in points",
  ),
});

/** `gaussian`: the paper's toy study, on points in the plane. */
export const gaussianCommand: Command = {
  name: "gaussian",
  summary: "Run the paper's toy study: two Gaussian classes in the plane",
  examples: ["", "--seeds 1,2,3 -o results/three.json"],
  options: z.strictObject({
    ...runOptions.shape,
    ...gaussianStudySchema.shape,
  }),
  help:
    `Without options it is the named study "gaussian". Equal studies give equal files.`,
  async run(flags) {
    const isOfRun = (field: string) => Object.hasOwn(runOptions.shape, field);
    const pick = (keep: (field: string) => boolean) =>
      Object.fromEntries(Object.entries(flags).filter(([f]) => keep(f)));
    const { out, margin } = validate(runOptions, pick(isOfRun));
    const study = nameStudy(pick((field) => !isOfRun(field)));
    const path = out ?? `results/${study.name}.json`;
    if (!path.endsWith(".json")) {
      throw new UsageError(
        `Cannot take --out: must end in .json: current value is "${path}"`,
      );
    }
    const base = path.slice(0, -".json".length);
    const result = await runGaussian(study);
    const summary = summariseGaussian(result, margin);
    const figure = await drawBoundaries(study);
    const name = base.slice(base.lastIndexOf("/") + 1);
    const files = {
      [`${base}.svg`]: figure,
      [`${base}.md`]: formatGaussian(result, summary, `${name}.svg`),
      [path]: JSON.stringify({ ...result, summary }, null, 2) + "\n",
    };
    for (const [file, text] of Object.entries(files)) {
      await writeFileAtomically(file, text);
    }
    console.log(
      summary.verdicts.map((verdict) =>
        formatVerdict(verdict).replaceAll("**", "")
      ).join("\n\n") || "One seed: nothing can be tested.",
    );
    console.log(`\ndigest ${result.digest}\nwrote  ${path}, .md and .svg`);
    return 0;
  },
};

/** A changed study gets a name of its own, as a changed sweep does. */
function nameStudy(values: GivenFlags): GaussianStudy {
  const study = validate(gaussianStudySchema, values);
  if (Object.keys(values).length === 0 || values.name !== undefined) {
    return study;
  }
  return { ...study, name: contentName(study.name, study) };
}
