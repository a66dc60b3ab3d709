import { countOf } from "../core/count_of.ts";
import type { ResultSet } from "../results/result_set.ts";
import { attackTitle } from "../spec/attacks.ts";
import {
  augmentations,
  borders,
  copyAugmentations,
  flips,
} from "../spec/augmentations.ts";
import { trainings } from "../spec/axes/training.ts";
import type { CellConfig } from "../spec/cell_config.ts";
import { isNetworkName } from "../spec/find_network.ts";
import { networks } from "../spec/networks.ts";
import { optimizers } from "../spec/optimizers.ts";
import { schedules } from "../spec/schedules.ts";
import { formatEpsilon } from "./format_epsilon.ts";

/** How the cells of a result set were trained and tested, as names and values. */
export function describeProtocol(
  { cells }: ResultSet,
): [name: string, value: string][] {
  const each = (of: (config: CellConfig) => string) =>
    [...new Set(cells.map(({ config }) => of(config)))]
      .filter((text) => text !== "").join("; or ");
  const rows: [string, string][] = [
    [
      "network",
      each(({ model }) => isNetworkName(model) ? networks[model].title : model),
    ],
    ["training", each(({ training }) => describeTraining(training))],
    ["optimization", each(describeOptimization)],
    ["augmentation", each(({ augmentation }) => describeMoves(augmentation))],
    ["evaluation", each(({ evaluation }) => describeEvaluation(evaluation))],
  ];
  return rows.filter(([, value]) => value !== "");
}

function describeTraining(training: CellConfig["training"]): string {
  const { title } = trainings[training.name];
  switch (training.name) {
    case "standard":
      return title;
    case "adversarial":
      return `${title}: PGD, ${countOf(training.steps, "step")}, ${
        describeThreat(training)
      }, ${training.randomStart ? "random start" : "no random start"}`;
    case "n-fgsm":
      return `${title}: ${
        describeThreat(training)
      }, noise of ${training.noise} ε`;
  }
}

function describeOptimization(
  config: CellConfig,
): string {
  const { optimizer, schedule, labelSmoothing, epochs, batch } = config;
  const { averageDecay, dataset: { validation } } = config;
  return [
    listNumbers(optimizers[optimizer.name].title, optimizer),
    listNumbers(`${schedules[schedule.name].title} schedule`, schedule),
    ...(labelSmoothing === undefined
      ? []
      : [`label smoothing ${labelSmoothing}`]),
    countOf(epochs, "epoch"),
    `batches of ${countOf(batch, "image")}`,
    ...(averageDecay === undefined
      ? []
      : [`weights averaged with decay ${averageDecay}`]),
    ...(validation === undefined
      ? []
      : [`the best epoch on ${countOf(validation, "held-out image")}`]),
  ].join("; ");
}

function describeMoves(
  { name, copies, padding, border, flip, cutout }: CellConfig["augmentation"],
): string {
  const { title } = augmentations[name];
  const options = [
    title,
    ...(padding === undefined ? [] : [`padding ${padding}`]),
    ...(border === undefined ? [] : [borders[border].title]),
    ...(flip === undefined ? [] : [flips[flip].title]),
    ...(cutout === undefined ? [] : [`cutout ${cutout}x${cutout}`]),
  ].join(", ");
  return name === "none"
    ? title
    : `${options}; for copies ${copyAugmentations[copies].title}`;
}

function describeEvaluation(evaluation: CellConfig["evaluation"]): string {
  const { attacks, attackImages, augmentation, flip } = evaluation;
  const { randomStart, attackTraining } = evaluation;
  return [
    attacks.length === 0
      ? "no attack"
      : `${attacks.map(attackTitle).join(", ")}, ${describeThreat(evaluation)}`,
    ...(attackImages === undefined
      ? []
      : [`${countOf(attackImages, "test image")} attacked`]),
    ...(randomStart === false ? ["no random start"] : []),
    ...(augmentation === undefined
      ? []
      : [`test images augmented (${augmentations[augmentation].title})`]),
    ...(flip ? ["test images also with their mirror images"] : []),
    ...(attackTraining ? ["training images attacked, too"] : []),
  ].join("; ");
}

function describeThreat(
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

/** A title and the numbers of a config, as in `Adam, learning rate 0.1`. */
function listNumbers(title: string, config: { name: string }): string {
  const { name: _, ...numbers } = config;
  const others = Object.entries(numbers).map(([key, value]) =>
    `${key.replaceAll(/[A-Z]/g, (c) => ` ${c.toLowerCase()}`)} ${value}`
  );
  return [title, ...others].join(", ");
}
