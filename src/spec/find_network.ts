import { digestOf } from "../core/digest.ts";
import {
  inferNetwork,
  type InferredNetwork,
  type ModelInput,
} from "./infer_network.ts";
import { LARGEST_SIDE, SMALLEST_SIDE } from "./reading.ts";
import type { Network } from "./network_types.ts";
import { type NetworkName, networks, type Recipe } from "./networks.ts";
import { widenNetwork } from "./widen_network.ts";

/** Names a network: one of `networks`, or that of a study, which is given. */
export interface NetworkChoice {
  /** Its name. */
  readonly model: string;
  /** The network, unless it is one of `networks`. */
  readonly network?: Network | undefined;
  /** What its channels and hidden units are multiplied by; default 1. */
  readonly width?: number | undefined;
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
export function networkOf(
  { model, network, width = 1 }: NetworkChoice,
): Network {
  if (network !== undefined) return widenNetwork(network, width);
  if (isNetworkName(model)) return widenNetwork(networks[model].network, width);
  throw new RangeError(`No network is called "${model}", and none is given`);
}

/** What a study that does not say takes from its network. */
export function recipeOf(model: string): Recipe {
  return networks[isNetworkName(model) ? model : "published-standard"].recipe;
}

/** What tells networks apart, whatever they are called. */
export function networkKey(
  { model, network, width = 1 }: NetworkChoice,
): string {
  return [
    model,
    ...(network === undefined ? [] : [digestOf(network).slice(0, 16)]),
    ...(width === 1 ? [] : [width]),
  ].join(" ");
}

/**
 * Makes sure that a network is for images of a shape.
 *
 * @returns It, with its shapes for these images.
 * @throws {RangeError} If it is not; the message names the network and the layer.
 */
export function requireFit(
  choice: NetworkChoice,
  input: ModelInput,
): InferredNetwork {
  try {
    return inferNetwork(networkOf(choice), input);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const side = smallestSide(choice, input);
    throw new RangeError(
      `Network "${choice.model}": ${error.message}${
        side === undefined
          ? ""
          : `; the smallest square images that it fits are ${side}x${side}, got ${
            input.shape.slice(0, 2).join("x")
          }`
      }`,
    );
  }
}

/** Height and width of the smallest square images that a network is for. */
function smallestSide(
  choice: NetworkChoice,
  { shape: [, , channels], classes }: ModelInput,
): number | undefined {
  for (let side = SMALLEST_SIDE; side <= LARGEST_SIDE; side++) {
    try {
      inferNetwork(networkOf(choice), {
        shape: [side, side, channels],
        classes,
      });
      return side;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return undefined;
}
