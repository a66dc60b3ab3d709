/** How a matrix product is cut into workgroups and threads. */
export interface TilePlan {
  /** Name of the plan, which is part of the key of a program. */
  readonly name: string;
  /** Rows of the result that one thread holds: 1 or a multiple of 4. */
  readonly rows: number;
  /** Columns of the result that one thread holds, a multiple of 4. */
  readonly columns: number;
  /** Threads of a workgroup along columns. */
  readonly across: number;
  /** Threads of a workgroup along rows. */
  readonly down: number;
  /**
   * Terms of the sums that a workgroup loads into its own memory at a time, a
   * multiple of 4; 0 if every thread reads what it needs.
   */
  readonly depth: number;
  /** Whether convolutions that can be are computed by strips of as many columns. */
  readonly strips?: boolean;
  /** The most rows of a product that it is for; default any number. */
  readonly mostRows?: number;
  /** Terms of a sum that are never cut into slices; default 128. */
  readonly inOne?: number;
  /** Workgroups wanted: long sums are cut into slices until there are so many. */
  readonly workgroups: number;
}

/** The tile plans of a device, from narrow to wide. */
export type TilePlans = readonly [TilePlan, ...TilePlan[]];

/**
 * For graphics processors: 64x64 elements per workgroup, 64 of them in the
 * registers of each thread, so that each number loaded into workgroup memory is
 * used 64 times. Products of fewer columns, such as the gradient for RGB images,
 * would leave most of that tile empty, so they have their own tiles; with four
 * columns no thread shares its rows, and workgroup memory would gain nothing.
 */
export const hardwareTiles: TilePlans = [
  {
    name: "hardware4",
    rows: 4,
    columns: 4,
    across: 1,
    down: 64,
    depth: 0,
    workgroups: 512,
  },
  {
    name: "hardware32",
    rows: 8,
    columns: 4,
    across: 8,
    down: 8,
    depth: 16,
    workgroups: 512,
  },
  {
    name: "hardware64",
    rows: 8,
    columns: 8,
    across: 8,
    down: 8,
    depth: 16,
    workgroups: 512,
  },
];

/**
 * For adapters that compute on the CPU. There workgroup memory is no faster than
 * any other, barriers are expensive, and llvmpipe loads the 8 lanes of a vector
 * one by one: so each thread holds many sums and reads what it needs. More sums
 * are no faster, and take LLVM longer to compile (`bench/README.md`).
 */
export const softwareTiles: TilePlans = [
  {
    // Dense layers of one image: llvmpipe loads rows that are not there, too.
    name: "software1row",
    rows: 1,
    columns: 8,
    across: 8,
    down: 1,
    depth: 0,
    mostRows: 1,
    inOne: 512,
    workgroups: 16,
  },
  {
    // Dense layers of a small batch, of which 16 rows would be mostly empty.
    name: "software4rows",
    rows: 4,
    columns: 8,
    across: 8,
    down: 1,
    depth: 0,
    mostRows: 4,
    workgroups: 16,
  },
  {
    name: "software4",
    rows: 16,
    columns: 4,
    across: 1,
    down: 16,
    depth: 0,
    strips: true,
    workgroups: 16,
  },
  {
    name: "software32",
    rows: 16,
    columns: 8,
    across: 4,
    down: 4,
    depth: 0,
    strips: true,
    workgroups: 16,
  },
];

/**
 * The plan for so few rows, if there is one; otherwise the narrowest one whose
 * tile holds all columns, or the widest.
 */
export function chooseTiles(
  plans: TilePlans,
  { rows, columns }: { rows: number; columns: number },
): TilePlan {
  const few = plans.find(({ mostRows = 0 }) => rows <= mostRows);
  if (few !== undefined) return few;
  const rest = plans.filter(({ mostRows }) => mostRows === undefined);
  return rest.find((plan) => plan.across * plan.columns >= columns) ??
    rest.at(-1)!;
}
