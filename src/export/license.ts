import { UsageError } from "../core/errors.ts";

/** A licence of the SPDX list. */
export interface License {
  /** SPDX id. */
  id: string;
  name: string;
  url: string;
  /** Its full text. */
  text: string;
}

/**
 * Finds a licence and its text by its SPDX id.
 *
 * @throws {UsageError} If the SPDX list has no such id.
 */
export async function findLicense(id: string): Promise<License> {
  // 5 MB, which only the format ro-crate needs.
  const { default: list } = await import("spdx-license-list/full.js");
  const found = Object.hasOwn(list, id) ? list[id] : undefined;
  if (found === undefined) {
    throw new UsageError(
      `"license" must be an SPDX id such as CC-BY-4.0 or CC0-1.0, got "${id}"`,
      { field: "license" },
    );
  }
  const { name, url, licenseText } = found;
  return { id, name, url: url.split("\n")[0]!, text: `${licenseText}\n` };
}
