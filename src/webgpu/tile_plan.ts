/** How a matrix product is cut into workgroups and threads. */
export interface TilePlan {
  /** Part of the key of a program. */
  readonly name: string;
  /** Rows and columns of the result that one thread holds, multiples of 4. */
  readonly rows: number;
  readonly columns: number;
  /** Threads of a workgroup, along columns and along rows. */
  readonly across: number;
  readonly down: number;
  /**
   * Terms of the sums that a workgroup loads into its own memory at a time, a
   * multiple of 4; 0: every thread reads what it needs by itself.
   */
  readonly depth: number;
  /** Workgroups wanted: long sums are cut into slices to get about so many. */
  readonly workgroups: number;
}

/**
 * For graphics processors: 64x64 elements a workgroup, 64 of them in the
 * registers of each thread; each number loaded into workgroup memory is used
 * 64 times.
 */
export const hardwareTiles: TilePlan = {
  name: "hardware",
  rows: 8,
  columns: 8,
  across: 8,
  down: 8,
  depth: 16,
  workgroups: 512,
};

/**
 * For adapters that compute on the CPU. There workgroup memory is no nearer
 * than any other, barriers cost much, and llvmpipe loads the 8 lanes of a
 * vector one by one: so each thread holds many sums, and reads by itself. More
 * sums are no faster, and take LLVM longer to compile (`bench/README.md`).
 */
export const softwareTiles: TilePlan = {
  name: "software",
  rows: 16,
  columns: 8,
  across: 4,
  down: 4,
  depth: 0,
  workgroups: 16,
};
