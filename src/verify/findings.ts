/** What a check found. */
export interface Findings {
  /** What is wrong, a line each; none: all that was checked is right. */
  faults: string[];
  /** What a reader should know, but is no proof of anything, a line each. */
  notes: string[];
}
