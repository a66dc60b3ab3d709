import { z } from "zod";
import type { Study } from "./study.ts";

/** Radius of the ball, where a study does not say. */
export const EPSILON: number = 8 / 255;

/** Part of an attack step that epsilon is, where a study does not say. */
const STEPS_PER_EPSILON = 4;

/** What attacks may do to an image, as the config of a cell has it. */
export const threatShape = {
  epsilon: z.number().describe("Radius of the L-infinity ball, in pixel units"),
  alpha: z.number().describe("Step size of iterated attacks, in pixel units"),
  lowest: z.number().optional().describe(
    "Lower bound of pixel values under PGD; absent: 0",
  ),
};

/** The default of `alpha`, as people read it. */
export const alphaFallback = "a quarter of epsilon";

/** What attacks of a study may do to an image. */
export function resolveThreat(
  { epsilon, alpha, attackLowest }: Study,
): { epsilon: number; alpha: number; lowest?: number } {
  return {
    epsilon,
    alpha: alpha ?? epsilon / STEPS_PER_EPSILON,
    ...(attackLowest !== undefined && { lowest: attackLowest }),
  };
}
