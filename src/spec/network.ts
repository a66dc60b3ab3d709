import { z } from "zod";
import { layerSchema } from "./layers.ts";
import type { LayerInput, Network, NetworkInput } from "./network_types.ts";

export type { Network, NetworkInput };

/** A network as JSON. */
export const networkSchema: z.ZodType<Network, NetworkInput> = z.strictObject({
  layers: z.array(layerSchema).min(1).max(1000).describe(
    "Layers, from the images to the class scores",
  ),
}) as unknown as z.ZodType<Network, NetworkInput>;

/** A network of this project's own, defaults filled in. */
export function defineNetwork(...layers: readonly LayerInput[]): Network {
  return networkSchema.parse({ layers });
}
