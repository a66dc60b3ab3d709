import { digestOf } from "../core/digest.ts";
import type { Network } from "./network_types.ts";
import { type NetworkName, networks, type Recipe } from "./networks.ts";

/** Names a network: one of `networks`, or that of a study, which is given. */
export interface NetworkChoice {
  /** Its name. */
  readonly model: string;
  /** The network, unless it is one of `networks`. */
  readonly network?: Network | undefined;
}

/** Whether it is the name of one of `networks`. */
export function isNetworkName(model: string): model is NetworkName {
  return Object.hasOwn(networks, model);
}

/**
 * The network of a cell.
 *
 * @throws {RangeError} If it is not given and no network has that name.
 */
export function networkOf({ model, network }: NetworkChoice): Network {
  if (network !== undefined) return network;
  if (isNetworkName(model)) return networks[model].network;
  throw new RangeError(`No network is called "${model}", and none is given`);
}

/** What a study that does not say takes from its network. */
export function recipeOf(model: string): Recipe {
  return networks[isNetworkName(model) ? model : "published-standard"].recipe;
}

/** What tells networks apart, whatever they are called. */
export function networkKey({ model, network }: NetworkChoice): string {
  return network === undefined
    ? model
    : `${model} ${digestOf(network).slice(0, 16)}`;
}
