/** How near duplicates are searched for: by hashes, or also by features. */
export type SearchMethod = "hashes" | "features";

/** The ways to search, the default first. */
export const searchMethods: readonly ["hashes", "features"] = [
  "hashes",
  "features",
];
