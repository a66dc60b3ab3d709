/**
 * One factor of a matrix product whose elements are computed by code, such as the
 * patches of an image, which are never written to memory. Element (side, depth):
 * side is the row of the left or the column of the right factor, depth the term
 * of the sum.
 *
 * For a factor `a` the code has three functions. `aSide(i32)` and `aDepth(i32)`
 * return `vec4<i32>`, whatever is worth computing once for all elements of a
 * row, column or term; both are also called with indices beyond the matrix.
 * `aAt(side, depth)` returns the element, 0 beyond the matrix.
 */
export interface Factor {
  /** The three functions, in WGSL. */
  readonly code: string;
  /**
   * Whether `aAt` returns a `vec4<f32>` of four neighbours along `form`, the
   * first of which has an index that is a multiple of 4.
   */
  readonly vector: boolean;
  /** The direction in which four elements are held as one vector. */
  readonly form: "side" | "depth";
}
