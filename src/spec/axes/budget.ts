import { z } from "zod";
import type { Axis } from "../axis.ts";
import { type MarkedTerm, namesOf } from "../term.ts";
import type { BudgetName } from "../names.ts";

export type { BudgetName };

/** What is held equal across ratios. */
export const budgets = {
  "steps": {
    title: "equal steps",
    meaning: "every ratio trains for the same number of gradient steps",
    mark: "circle",
  },
  "epochs": {
    title: "equal epochs",
    meaning:
      "every ratio makes the same number of passes over its training list, so that more images mean more steps, as in the paper",
    mark: "square",
  },
} as const satisfies Record<string, MarkedTerm>;

const entry = z.enum(namesOf(budgets)).describe(
  "What is held equal across ratios",
);
const shape = { budget: entry };

/** What is held equal across ratios. */
export const budgetAxis: Axis<
  "budget",
  "budget",
  BudgetName,
  false,
  typeof shape
> = {
  field: "budget",
  key: "budget",
  role: "duplication",
  heading: "budget",
  meaning:
    "What is held equal across ratios: gradient steps, or epochs (as published)",
  entry,
  fallback: ["steps"],
  isLater: false,
  shape,
  terms: budgets,
  // Where a cell trains on as many images as there are originals, equal steps
  // and equal epochs are the same.
  resolve: (_, { budget, ratio, mode, standIn }) => ({
    budget: ratio === 0 || mode === "replace" || standIn === "weights"
      ? "steps"
      : budget,
  }),
  valueOf: ({ budget, duplication: { ratio } }) => ratio === 0 ? null : budget,
  say: (budget) => budgets[budget].title,
};
