import { UsageError } from "../core/errors.ts";

/** A licence of the SPDX list. */
export interface License {
  /** SPDX id. */
  id: string;
  name: string;
  url: string;
  /** The whole of its text. */
  text: string;
}

/**
 * Finds a licence and its text by its SPDX id.
 *
 * @throws {UsageError} If the list has none of this id.
 */
export async function findLicense(id: string): Promise<License> {
  // 5 MB, which no other command needs.
  const { default: list } = await import("spdx-license-list/full.js");
  const found = Object.hasOwn(list, id) ? list[id] : undefined;
  if (found === undefined) {
    throw new UsageError(
      `Cannot take --license: must be an SPDX id such as CC-BY-4.0 or CC0-1.0: current value is "${id}"`,
    );
  }
  const { name, url, licenseText } = found;
  return { id, name, url: url.split("\n")[0]!, text: `${licenseText}\n` };
}
