import { z } from "zod";
import type { PixelCache } from "../data/cache/pixel_cache.ts";
import { version } from "../results/versions.ts";
import { cacheFolder } from "./cache_folder.ts";
import type { Io } from "./io.ts";
import { requireFolder } from "./require_folder.ts";

/** The option of commands that load images: where decoded ones are kept. */
export const cacheOption = z.string().min(1).optional().meta({
  value: "FOLDER|off",
  path: "folder",
}).describe(
  "Cache folder for decoded images, at most 2 GiB, or off (default: dupbench in $XDG_CACHE_HOME or ~/.cache)",
);

/**
 * The cache of decoded images that a command was told of, if any.
 *
 * @throws {UsageError} If one was chosen where something is not a folder.
 */
export async function openCache(
  chosen: string | undefined,
  { env, cwd }: Pick<Io, "env" | "cwd">,
): Promise<PixelCache | undefined> {
  const folder = cacheFolder(chosen, { env, cwd });
  if (folder === undefined) return undefined;
  if (chosen !== undefined) await requireFolder(folder, "cache");
  const { openPixelCache } = await import("../data/cache/pixel_cache.ts");
  return openPixelCache({ folder, version });
}
