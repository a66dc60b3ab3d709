import { z } from "zod";
import type { Axis } from "../axis.ts";
import { type NetworkName, networkNames, networks } from "../networks.ts";

const entry = z.enum(networkNames).describe("Network");
const shape = { model: entry };

/** Which network is trained. */
export const modelAxis: Axis<
  "model",
  "model",
  NetworkName,
  false,
  typeof shape
> = {
  field: "model",
  key: "model",
  role: "condition",
  heading: "model",
  meaning: "Networks",
  entry,
  fallback: ["published-standard"],
  isLater: false,
  shape,
  terms: networks,
  resolve: (_, { model }) => ({ model }),
  valueOf: ({ model }) => model,
  say: (model) => model,
};
