import { z } from "zod";
import { type Layer, type LayerInput, layerSchema } from "./layers.ts";

/**
 * A network as data: images `[h, w, c]` with pixels in `[0, 1]` go through its
 * layers in order; the last gives one number per class.
 */
export interface Network {
  /** Its layers, from the images to the class scores. */
  readonly layers: readonly Layer[];
}

/** A network as written in a file, defaults left out. */
export interface NetworkInput {
  /** Its layers, from the images to the class scores. */
  readonly layers: readonly LayerInput[];
}

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
