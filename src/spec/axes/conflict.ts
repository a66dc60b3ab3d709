import { z } from "zod";
import type { Axis } from "../axis.ts";
import { repeatingStandIns, standIns } from "./stand_in.ts";

/** Which share of the copies carries the label of another class. */
export const conflictAxis: Axis<
  "conflict",
  "conflict",
  number,
  true,
  Record<never, never>
> = {
  field: "conflict",
  key: "conflict",
  role: "duplication",
  heading: "conflict",
  meaning:
    `Share of the copies that have another class's label; above 0 only with the stand-ins ${
      repeatingStandIns.join(" and ")
    }`,
  entry: z.number().min(0).max(1),
  fallback: [0],
  isLater: true,
  shape: {},
  usual: 0,
  resolve: () => ({}),
  admits: ({ conflict, standIn }) =>
    conflict === 0 || standIns[standIn].hasCopies,
  valueOf: ({ duplication: { ratio, conflict = 0 } }) =>
    ratio === 0 ? null : conflict,
  say: (conflict) => `conflict ${conflict}`,
};
