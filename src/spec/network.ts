import { z } from "zod";
import { validateInput } from "./validate_input.ts";
import { layerSchema } from "./layers.ts";
import type {
  Layer,
  LayerInput,
  Network,
  NetworkInput,
} from "./network_types.ts";

export type { Network, NetworkInput };

/** A network as JSON. */
export const networkSchema: z.ZodType<Network, NetworkInput> = z.strictObject({
  layers: z.array(layerSchema).min(1).max(1000).describe(
    "Layers, from the images to the class scores",
  ),
}).superRefine(({ layers }, context) => {
  const depth = depthOf(layers as Layer[]);
  if (depth <= DEEPEST) return;
  context.addIssue({
    code: "custom",
    path: ["layers"],
    message: `must not nest residual blocks more than ${DEEPEST} deep`,
    input: depth,
  });
}) as unknown as z.ZodType<Network, NetworkInput>;

/** Most residual blocks in one another. */
const DEEPEST = 8;

function depthOf(layers: readonly Layer[]): number {
  const depths = layers.map((layer) =>
    layer.type === "residual" ? 1 + depthOf(layer.layers) : 0
  );
  return Math.max(0, ...depths);
}

/** A network of this project's own, defaults filled in. */
export function defineNetwork(...layers: readonly LayerInput[]): Network {
  return networkSchema.parse({ layers });
}

/**
 * Checks a network and fills in its defaults.
 *
 * @param input A `NetworkInput`, such as the content of a JSON file.
 * @throws {UsageError} Naming the first field that is missing, unknown or whose
 * value is not allowed, and the value.
 */
export function parseNetwork(input: unknown): Network {
  return validateInput(networkSchema, input, "The network");
}

/** Whether a layer, or one in a residual block, is batch normalisation. */
export function hasBatchNorm({ layers }: Pick<Network, "layers">): boolean {
  return layers.some((layer) =>
    layer.type === "batchNorm" ||
    layer.type === "residual" && hasBatchNorm(layer)
  );
}
