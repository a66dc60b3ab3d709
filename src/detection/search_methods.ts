/** How near duplicates are sought: by hashes, or by features also. */
export const searchMethods = ["hashes", "features"] as const;

/** One of {@linkcode searchMethods}. */
export type SearchMethod = typeof searchMethods[number];
