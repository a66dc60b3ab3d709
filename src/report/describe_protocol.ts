import type { ResultSet } from "../results/result_set.ts";
import type { CellConfig } from "../spec/cell_config.ts";
import { formatEpsilon } from "./terms.ts";

/** How the cells of a result set were trained and tested, as names and values. */
export function describeProtocol(
  { cells }: ResultSet,
): [name: string, value: string][] {
  const each = (of: (config: CellConfig) => string | null) =>
    [...new Set(cells.map(({ config }) => of(config)))]
      .filter((text) => text !== null).join("; or ");
  const rows: [string, string][] = [
    ["model", each(({ model }) => model)],
    [
      "optimization",
      each(({ optimizer, schedule, epochs, batch }) =>
        `${listOf(optimizer)}; schedule ${
          listOf(schedule)
        }; ${epochs} epochs, ${batch} images in a batch`
      ),
    ],
    [
      "augmentation",
      each(({ augmentation }) =>
        augmentation.name === "none"
          ? "none"
          : `${augmentation.name}, copies ${
            augmentation.copies === "own"
              ? "on their own"
              : "as their originals"
          }`
      ),
    ],
    [
      "adversarial training",
      each(({ training }) =>
        training.name === "standard"
          ? null
          : `PGD, ${training.steps} steps, ${radii(training)}, ${
            training.randomStart ? "random start" : "no random start"
          }`
      ),
    ],
    [
      "evaluation",
      each(({ evaluation }) => {
        const { attacks, augmentation, randomStart } = evaluation;
        return [
          attacks.length === 0
            ? "no attack"
            : `${attacks.join(", ")}, ${radii(evaluation)}`,
          ...(randomStart === false ? ["no random start"] : []),
          ...(augmentation === undefined
            ? []
            : [`test images augmented (${augmentation})`]),
        ].join("; ");
      }),
    ],
  ];
  return rows.filter(([, value]) => value !== "");
}

function radii(
  { epsilon, alpha, lowest }: {
    epsilon: number;
    alpha: number;
    lowest?: number | undefined;
  },
): string {
  return `ε ${formatEpsilon(epsilon)}, step ${formatEpsilon(alpha)}${
    lowest === undefined ? "" : `, no pixel below ${lowest}`
  }`;
}

/** `{ name: "adam", learningRate: 0.1 }` as `adam, learning rate 0.1`. */
function listOf({ name, ...rest }: { name: string }): string {
  const others = Object.entries(rest).map(([key, value]) =>
    `${key.replaceAll(/[A-Z]/g, (c) => ` ${c.toLowerCase()}`)} ${value}`
  );
  return [name, ...others].join(", ");
}
