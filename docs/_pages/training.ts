import {
  augmentations,
  copyAugmentations,
} from "../../src/spec/augmentations.ts";
import { backends } from "../../src/spec/backends.ts";
import { networks, type NetworkTerm } from "../../src/spec/networks.ts";
import { optimizers, type OptimizerTerm } from "../../src/spec/optimizers.ts";
import { schedules, type ScheduleTerm } from "../../src/spec/schedules.ts";
import { termTable } from "./axes.ts";
import { code, page, sentence, table } from "./markdown.ts";

/** `training.md`: networks, optimizers, schedules, augmentations, backends. */
export function trainingPage(): string {
  return page(
    "# Networks and training",
    "## Networks",
    "Two convolutions (3×3, ReLU, 2×2 max pooling), a hidden dense layer with ReLU, dropout, and a dense layer of ten classes.",
    table(
      [
        "`model`",
        "meaning",
        "channels",
        "hidden units",
        "dropout",
        "default `optimizer`",
        "default `augment`",
      ],
      Object.entries(networks).map(
        ([name, { meaning, spec, optimizer, augmentation }]: [
          string,
          NetworkTerm,
        ]) => [
          code(name),
          sentence(meaning),
          spec.filters.join(", "),
          String(spec.hidden),
          String(spec.dropout),
          code(optimizer),
          code(augmentation),
        ],
      ),
    ),
    "## Optimizers",
    table(
      ["`optimizer`", "meaning", "defaults"],
      Object.entries(optimizers).map(
        ([name, { meaning, defaults }]: [string, OptimizerTerm]) => [
          code(name),
          sentence(meaning),
          Object.entries(defaults).map(([field, value]) =>
            `${code(field)} ${value}`
          ).join(", "),
        ],
      ),
    ),
    "## Schedules",
    "Rates change between epochs.",
    table(
      ["`schedule`", "meaning", "fields it reads"],
      Object.entries(schedules).map(
        ([name, { meaning, reads = {} }]: [string, ScheduleTerm]) => [
          code(name),
          sentence(meaning),
          Object.values(reads).map(code).join(", "),
        ],
      ),
    ),
    "## Augmentations",
    termTable("`augment`", augmentations),
    "How a copy is augmented:",
    termTable("`augmentCopies`", copyAugmentations),
    "## Backends",
    "`auto` takes WebGPU on a hardware adapter, otherwise WebAssembly. `deno task backends` says what a machine offers.",
    termTable("`backend`", backends),
  );
}
