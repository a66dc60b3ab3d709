import { z } from "zod";
import type { Axis } from "../axis.ts";
import { isNetworkName } from "../find_network.ts";
import { networkSchema } from "../network.ts";
import type { Network } from "../network_types.ts";
import { networkNames, networks } from "../networks.ts";

const name = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,79}$/, {
  error: "must be lower-case letters, digits, dots or dashes",
});
const entry = name.describe("Network");
const shape = {
  model: entry,
  network: networkSchema.optional().describe(
    "The network, if the study defines it; absent: one of dupbench's own",
  ),
};

/** The field of studies that holds networks of their own. */
export const networksField = z.record(
  name.refine((name) => !isNetworkName(name), {
    error: `must not be one of ${networkNames.join(", ")}`,
  }),
  networkSchema,
);

/** Which network is trained. */
export const modelAxis: Axis<
  "model",
  "model",
  string,
  false,
  typeof shape
> = {
  field: "model",
  key: "model",
  role: "condition",
  heading: "model",
  meaning: `Networks: ${networkNames.join(", ")}, or names of "networks"`,
  entry,
  fallback: ["published-standard"],
  isLater: false,
  shape,
  terms: networks,
  resolve: ({ networks = {} }, { model }) => ({
    model,
    ...(Object.hasOwn(networks, model) && { network: networks[model]! }),
  }),
  valueOf: ({ model }) => model,
  say: (model) => model,
};

/** Names of `model` that are no network, and own networks that have no name there. */
export function findNetworkFaults(
  { model, networks = {} }: {
    readonly model: readonly string[];
    readonly networks?: Readonly<Record<string, Network>> | undefined;
  },
): { unknown: string[]; unused: string[] } {
  return {
    unknown: model.filter((name) =>
      !isNetworkName(name) && !Object.hasOwn(networks, name)
    ),
    unused: Object.keys(networks).filter((name) => !model.includes(name)),
  };
}
