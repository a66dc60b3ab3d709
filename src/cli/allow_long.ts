import { z } from "zod";

/** Longest work that commands start unasked, in seconds. */
export const longestUnasked = 600;

/** The option of every command that computes what a file says. */
export const allowLong = z.boolean().default(false).describe(
  "Start even if the estimate is above 10 minutes",
);

/** The longest work to start, in seconds. */
export function longestOf({ allowLong }: { allowLong: boolean }): number {
  return allowLong ? Infinity : longestUnasked;
}
