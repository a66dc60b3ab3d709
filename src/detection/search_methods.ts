/** How near duplicates are sought: by hashes, or by features also. */
export type SearchMethod = "hashes" | "features";

/** The ways to search, the default first. */
export const searchMethods: readonly ["hashes", "features"] = [
  "hashes",
  "features",
];
