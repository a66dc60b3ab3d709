import { z } from "zod";
import type { Axis } from "../axis.ts";

const entry = z.int().min(0).describe("Seed of the run");
const shape = { seed: entry };

/** The same experiment again, with other random numbers. */
export const seedAxis: Axis<"seeds", "seed", number, false, typeof shape> = {
  field: "seeds",
  key: "seed",
  role: "replicate",
  heading: "seed",
  meaning: "Seeds; each gives a separate run",
  entry,
  fallback: [1],
  isLater: false,
  shape,
  resolve: (_, { seed }) => ({ seed }),
  valueOf: ({ seed }) => seed,
  say: (seed) => `seed ${seed}`,
};
