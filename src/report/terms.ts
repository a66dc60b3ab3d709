import type { StudyReport } from "./report_series.ts";

const policies: Readonly<Record<string, string>> = {
  "uniform": "each image is as likely as any other to be repeated",
  "class-biased":
    "some classes are repeated more than others; by default the first half of them gets 80 % of the duplicates",
  "single-class": "only images of one class are repeated",
  "concentrated": "few images are repeated, many times each",
  "whole-copies": "the whole training set is repeated, as in the paper",
};

const standIns: Readonly<Record<string, string>> = {
  "copies": "duplicates, byte for byte",
  "near copies":
    "near duplicates: mirrored, shifted, brighter or darker, or saved as JPEG again",
  "weights":
    "control: nothing is repeated; an image counts as often as it would be there",
  "fresh":
    "control: further images of the same classes stand where the copies would",
};

/**
 * What a reader needs to know of the words in a report, as far as they occur in
 * it: policies, stand-ins, budgets, ways to train, attacks.
 */
export function termsOf(
  studies: readonly StudyReport[],
): [term: string, meaning: string][] {
  const series = studies.flatMap(({ series }) => series);
  const arms = series.map(({ arm }) => arm);
  const metrics = [...new Set(series.map(({ metric }) => metric))];
  const isThere = (test: (arm: typeof arms[number]) => boolean) =>
    arms.some(test);
  const named = (
    meanings: Readonly<Record<string, string>>,
    of: (arm: typeof arms[number]) => string,
  ) =>
    Object.entries(meanings).filter(([name]) => isThere((a) => of(a) === name));
  const terms: [string, string][] = [
    ...named(policies, ({ policy }) => policy),
    // With nothing in their place, copies are what all is about.
    ...(isThere(({ standIn }) => standIn !== "copies")
      ? named(standIns, ({ standIn }) => standIn)
      : []),
  ];
  if (isThere(({ mode }) => mode === "replace")) {
    terms.push([
      "replacing",
      "the set keeps its size: duplicates displace other images",
    ]);
  }
  if (isThere(({ dedup }) => dedup !== "none")) {
    terms.push([
      "removed",
      "duplicates that a search found were taken out again before training",
    ]);
  }
  terms.push(
    ...named({
      "steps": "every ratio trains for the same number of gradient steps",
      "epochs":
        "every ratio passes over its images equally often, so that more images are more training, as in the paper",
    }, ({ budget }) => budget).map(([name, text]): [string, string] => [
      `equal ${name}`,
      text,
    ]),
  );
  if (isThere(({ training }) => training === "adversarial")) {
    terms.push([
      "adversarial training",
      "training on images that PGD has attacked, rather than on the images themselves",
    ]);
  }
  const attacks = attacksOf(studies);
  terms.push(
    ...attacks.map((name): [string, string] => [
      attackTitle(name),
      meaningOf(name)!,
    ]),
  );
  if (metrics.includes("worst case")) {
    terms.push([
      "worst case",
      "an image counts only if no attack, and nothing at all, gets it misclassified",
    ]);
  }
  return terms;
}

/** The attacks that were run, in the order of the studies. */
export function attacksOf(studies: readonly StudyReport[]): string[] {
  const run = new Set(
    studies.flatMap(({ series }) => series.map(({ metric }) => metric)),
  );
  const listed = studies.flatMap(({ sets }) =>
    sets.flatMap(({ study }) => study.attacks)
  );
  return [...new Set(listed)].filter((attack) => run.has(attack));
}

/** An attack's name as the field writes it. */
export function attackTitle(name: string): string {
  return name.startsWith("square")
    ? name.replace("square", "Square")
    : name.toUpperCase();
}

function meaningOf(attack: string): string | undefined {
  if (attack === "fgsm") {
    return "one step along the sign of the gradient (Goodfellow et al. 2015)";
  }
  const [, family, count] = /^(.*)-(\d+)$/.exec(attack) ?? [];
  switch (family) {
    case "pgd":
      return `projected gradient ascent, ${count} steps (Madry et al. 2018)`;
    case "apgd-ce":
      return `PGD that chooses its own steps, cross-entropy loss, ${count} iterations (Croce and Hein 2020)`;
    case "apgd-t":
      return `PGD that chooses its own steps, towards each of the nine likeliest other classes, ${count} iterations each (Croce and Hein 2020)`;
    case "square":
      return `random search without gradients, ${count} queries (Andriushchenko et al. 2020)`;
  }
}

/** A radius in pixel units, as a fraction of 255 where it is one. */
export function formatEpsilon(epsilon: number): string {
  const in255 = epsilon * 255;
  return Math.abs(in255 - Math.round(in255)) < 1e-6
    ? `${Math.round(in255)}/255`
    : epsilon.toPrecision(3);
}
