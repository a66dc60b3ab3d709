/** Findings of a check. */
export interface Findings {
  /** What is wrong, one line each; empty if everything checked is right. */
  faults: string[];
  /** What a reader should know but is not a fault, one line each. */
  notes: string[];
}
