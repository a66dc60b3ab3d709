import type { FolderListing } from "./folder_listing.ts";
import { type ArrayOptions, listArrays } from "./list_arrays.ts";
import { nameArray } from "./name_array.ts";
import { type NpyArray, parseNpy } from "./parse_npy.ts";

/** Most bytes of all arrays together, once unpacked. */
const LARGEST = 2 ** 31;

/**
 * Lists the images of a NumPy archive as MedMNIST or Keras have them; see
 * `nameArray`. Other arrays are not looked at.
 *
 * @throws {Error} If it is no such archive.
 */
export async function listNpz(
  bytes: Uint8Array,
  options: ArrayOptions,
): Promise<FolderListing> {
  return listArrays(await readArrays(bytes), options);
}

async function readArrays(bytes: Uint8Array): Promise<Map<string, NpyArray>> {
  const { unzipSync } = await import("fflate");
  let sum = 0;
  const files = unzipSync(bytes, {
    filter: ({ name, originalSize }) => {
      const [, array] = /^(\w+)\.npy$/.exec(name) ?? [];
      if (array === undefined || nameArray(array) === undefined) return false;
      sum += originalSize;
      if (sum <= LARGEST) return true;
      throw new RangeError(
        `its arrays must have at most ${LARGEST} bytes together, got ${sum} with "${name}"`,
      );
    },
  });
  return new Map(
    Object.entries(files).map(([name, npy]) => [
      name.slice(0, -".npy".length),
      parseNpy(npy),
    ]),
  );
}
