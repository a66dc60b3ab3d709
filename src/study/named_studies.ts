import dedup from "./studies/dedup.json" with { type: "json" };
import quick from "./studies/quick.json" with { type: "json" };
import { type Study, studySchema } from "./study.ts";

/** The studies that ship with dupbench, by name, versioned as JSON files. */
export const namedStudies: Readonly<Record<string, Study>> = Object.fromEntries(
  [quick, dedup].map((input) => {
    const study = studySchema.parse(input);
    return [study.name, study];
  }),
);
