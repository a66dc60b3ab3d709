import {
  augmentations,
  type AugmentationTerm,
  borders,
  copyAugmentations,
  flips,
} from "../../src/spec/augmentations.ts";
import { backends } from "../../src/spec/backends.ts";
import { inferNetwork } from "../../src/spec/infer_network.ts";
import { networks, type NetworkTerm } from "../../src/spec/networks.ts";
import {
  decayScopes,
  optimizers,
  type OptimizerTerm,
} from "../../src/spec/optimizers.ts";
import { schedules, type ScheduleTerm } from "../../src/spec/schedules.ts";
import { termTable } from "./axes.ts";
import { code, page, sentence, table } from "./markdown.ts";

const cifar = { shape: [32, 32, 3], classes: 10 } as const;

/** `training.md`: networks, optimizers, schedules, augmentations, backends. */
export function trainingPage(): string {
  return page(
    "# Networks and training",
    "## Networks",
    "Parameters and multiply-adds are for RGB images of 32×32 pixels and ten classes.",
    table(
      [
        "`model`",
        "meaning",
        "parameters",
        "multiply-adds per image",
        "recipe",
      ],
      Object.entries(networks).map(
        ([name, { meaning, network, recipe }]: [
          string,
          NetworkTerm,
        ]) => {
          const { parameters, multiplyAdds } = inferNetwork(network, cifar);
          const count = parameters.reduce(
            (sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1),
            0,
          );
          return [
            code(name),
            sentence(meaning),
            count.toLocaleString("en"),
            multiplyAdds.toLocaleString("en"),
            Object.entries(recipe).map(([field, value]) =>
              `${code(field)} ${code(String(value))}`
            ).join(", "),
          ];
        },
      ),
    ),
    "The recipe of a network applies unless the study sets other values. If a study sets another optimizer, schedule or augmentation, the recipe's numbers for it do not apply. A network defined by a study has the recipe of `published-standard`.",
    "## Optimizers",
    table(
      ["`optimizer`", "meaning", "defaults", "further fields"],
      Object.entries(optimizers).map(
        ([name, { meaning, defaults, options }]: [string, OptimizerTerm]) => [
          code(name),
          sentence(meaning),
          Object.entries(defaults).map(([field, value]) =>
            `${code(field)} ${value}`
          ).join(", "),
          Object.keys(options).map(code).join(", "),
        ],
      ),
    ),
    "Which parameters decay:",
    termTable("`decayOn`", decayScopes),
    "## Schedules",
    "With `one-cycle`, and with `cosine` if `scheduleWarmup` is set, the rate changes from step to step; otherwise it changes between epochs.",
    table(
      ["`schedule`", "meaning", "fields"],
      Object.entries(schedules).map(
        ([name, { meaning, reads = {} }]: [string, ScheduleTerm]) => [
          code(name),
          sentence(meaning),
          Object.values(reads).map(code).join(", "),
        ],
      ),
    ),
    "## Augmentations",
    table(
      ["`augment`", "in tables and plots", "meaning", "fields"],
      Object.entries(augmentations).map(
        (
          [name, { title, meaning, reads = {} }]: [string, AugmentationTerm],
        ) => [
          code(name),
          title,
          sentence(meaning),
          Object.values(reads).map(code).join(", "),
        ],
      ),
    ),
    "An image is first shifted by up to `cropPadding` pixels in each direction, then mirrored, and then a square with sides of `cutout` pixels is made black. The centre of the square is uniform over the pixels of the image, so part of it may lie outside.",
    termTable("`border`", borders),
    termTable("`flip`", flips),
    "How a copy is augmented:",
    termTable("`augmentCopies`", copyAugmentations),
    "## Backends",
    "`auto` chooses WebGPU on a hardware adapter, otherwise WebAssembly. `deno task backends` prints what a machine offers.",
    termTable("`backend`", backends),
  );
}
