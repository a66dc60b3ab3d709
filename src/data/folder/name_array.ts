import type { Split } from "../dataset.ts";
import { splitNamed } from "./split_names.ts";

/** What an array of NumPy is, by its name. */
export interface ArrayName {
  /** Whether it holds images or their labels. */
  readonly role: "images" | "labels";
  /** Its split as it is named; empty: the images do not come split. */
  readonly prefix: string;
  /** Its split. */
  readonly split?: Split | "validation";
}

const roles: Readonly<Record<string, ArrayName["role"]>> = {
  images: "images",
  data: "images",
  x: "images",
  labels: "labels",
  targets: "labels",
  y: "labels",
};

/**
 * Reads the name of an array: `train_images` and `train_labels` as MedMNIST has
 * them, `x_train` and `y_train` as Keras has them, or `images` and `labels`.
 */
export function nameArray(name: string): ArrayName | undefined {
  const parts = name.split("_");
  if (parts.length > 2) return undefined;
  for (const [word, prefix = ""] of [parts, [...parts].reverse()]) {
    const key = word!.toLowerCase();
    const role = Object.hasOwn(roles, key) ? roles[key] : undefined;
    const split = splitNamed(prefix);
    if (role === undefined || (prefix !== "" && split === undefined)) continue;
    return { role, prefix, ...(split && { split }) };
  }
  return undefined;
}
