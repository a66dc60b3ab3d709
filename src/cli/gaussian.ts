import { basename } from "node:path";
import { z } from "zod";
import { parseJson } from "../core/read_json.ts";
import {
  type GaussianStudy,
  gaussianStudySchema,
} from "../gaussian/gaussian_study.ts";
import { figureTitle } from "../gaussian/figure_title.ts";
import { isGaussianFile } from "../gaussian/migrate_gaussian.ts";
import { writeFileAtomically } from "../results/write_file.ts";
import { contentName } from "../spec/content_name.ts";
import { defineCommand } from "./command.ts";
import { givenOnly } from "./given_only.ts";
import { filePath } from "./path_option.ts";
import { requireEnding } from "./require_ending.ts";
import { requireOwnFiles } from "./require_own_files.ts";
import { validateOptions } from "./validate.ts";

const options = z.strictObject({
  out: filePath("FILE.json").optional().describe(
    "Result file, ending in .json; .md and .svg are written next to it (default results/local/NAME.json)",
  ),
  margin: z.number().gt(0).default(1).describe(
    "Smallest change of accuracy that matters, in percentage points",
  ),
  ...givenOnly(gaussianStudySchema.shape),
});

/** `gaussian`: the paper's toy experiment, on points in the plane. */
export const gaussianCommand = defineCommand({
  examples: ["", "--seeds 1,2,3 -o results/three.json"],
  options,
  help:
    `Without options, the named study "gaussian" is run. Equal studies give equal files.
Files that are not of an earlier run of the command are not replaced.`,
  async run({ out, margin, ...fields }, io) {
    const { drawBoundaries } = await import("../gaussian/draw_boundaries.ts");
    const { formatGaussian, formatVerdict } = await import(
      "../gaussian/format_gaussian.ts"
    );
    const { runGaussian } = await import("../gaussian/run_gaussian.ts");
    const { summariseGaussian } = await import(
      "../gaussian/summarise_gaussian.ts"
    );
    const study = nameStudy(fields);
    const path = out ?? `results/local/${study.name}.json`;
    requireEnding(path, { endings: [".json"] });
    const base = path.slice(0, -".json".length);
    await requireOwnFiles({
      first: io.path(path),
      others: [
        {
          path: io.path(`${base}.svg`),
          is: has(`<title>${figureTitle}</title>`),
        },
        { path: io.path(`${base}.md`), is: has(`![${figureTitle}](`) },
      ],
      what: "a result of the toy experiment",
      check(bytes) {
        if (isGaussianFile(parseJson(bytes))) return;
        throw new Error('its "schema" is another');
      },
    });
    const result = await runGaussian(study);
    const summary = summariseGaussian(result, margin);
    const figure = await drawBoundaries(study);
    const name = basename(base);
    const files = {
      // First: by it the others are known if they are not finished.
      [path]: JSON.stringify({ ...result, summary }, null, 2) + "\n",
      [`${base}.svg`]: figure,
      [`${base}.md`]: formatGaussian(result, summary, `${name}.svg`),
    };
    for (const [file, text] of Object.entries(files)) {
      await writeFileAtomically(io.path(file), text);
    }
    io.print(
      summary.verdicts.map((verdict) =>
        formatVerdict(verdict).replaceAll("**", "")
      ).join("\n\n") || "With one seed, nothing can be tested.",
    );
    io.print(`\ndigest ${result.digest}\nwrote  ${path}, .md and .svg`);
    return 0;
  },
});

/** Tells files that have a text. */
function has(text: string): (bytes: Uint8Array) => boolean {
  return (bytes) => new TextDecoder().decode(bytes).includes(text);
}

/** A changed study gets a name of its own, as a changed sweep does. */
function nameStudy(
  values: { readonly name?: string | undefined },
): GaussianStudy {
  const study = validateOptions({ options: gaussianStudySchema }, values);
  if (Object.keys(values).length === 0 || values.name !== undefined) {
    return study;
  }
  return { ...study, name: contentName(study.name, study) };
}
