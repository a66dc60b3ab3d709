import correctedAdversarial from "./studies/corrected-adversarial.json" with {
  type: "json",
};
import correctedAdversarialMini from "./studies/corrected-adversarial-mini.json" with {
  type: "json",
};
import correctedStandard from "./studies/corrected-standard.json" with {
  type: "json",
};
import correctedStandardMini from "./studies/corrected-standard-mini.json" with {
  type: "json",
};
import protocolAdversarial from "./studies/protocol-adversarial.json" with {
  type: "json",
};
import protocolConflict from "./studies/protocol-conflict.json" with {
  type: "json",
};
import protocolDedup from "./studies/protocol-dedup.json" with {
  type: "json",
};
import protocolFashion from "./studies/protocol-fashion.json" with {
  type: "json",
};
import protocolMultiplicity from "./studies/protocol-multiplicity.json" with {
  type: "json",
};
import protocolPgd from "./studies/protocol-pgd.json" with {
  type: "json",
};
import protocolRatios from "./studies/protocol-ratios.json" with {
  type: "json",
};
import protocolSizes from "./studies/protocol-sizes.json" with {
  type: "json",
};
import protocolWidths from "./studies/protocol-widths.json" with {
  type: "json",
};
import protocolStandard from "./studies/protocol-standard.json" with {
  type: "json",
};
import publishedAdversarial from "./studies/published-adversarial.json" with {
  type: "json",
};
import publishedAdversarialMini from "./studies/published-adversarial-mini.json" with {
  type: "json",
};
import publishedStandard from "./studies/published-standard.json" with {
  type: "json",
};
import publishedStandardMini from "./studies/published-standard-mini.json" with {
  type: "json",
};
import dedup from "./studies/dedup.json" with { type: "json" };
import quick from "./studies/quick.json" with { type: "json" };
import { parseStudy } from "./study.ts";
import type { Study } from "./study_types.ts";

/** The studies that ship with dupbench, by name, versioned as JSON files. */
export const namedStudies: Readonly<Record<string, Study>> = Object.fromEntries(
  [
    quick,
    dedup,
    protocolStandard,
    protocolAdversarial,
    protocolMultiplicity,
    protocolRatios,
    protocolConflict,
    protocolDedup,
    protocolWidths,
    protocolSizes,
    protocolFashion,
    protocolPgd,
    publishedStandard,
    publishedStandardMini,
    publishedAdversarial,
    publishedAdversarialMini,
    correctedStandard,
    correctedStandardMini,
    correctedAdversarial,
    correctedAdversarialMini,
  ].map((input) => {
    const study = parseStudy(input);
    return [study.name, study];
  }),
);
