import * as tf from "@tensorflow/tfjs";
import type { Tensor1D, Tensor4D } from "../kernels/ops/tensors.ts";

/** Some images of a batch. */
export interface Part {
  /** Their positions in the batch. */
  readonly places: readonly number[];
  /** Their pixels, in that order, shape `[places, h, w, c]`. */
  readonly images: Tensor4D;
}

/** State of a search; the first dimension of every tensor is the image. */
export interface SearchState extends tf.NamedTensorMap {
  /** Whether an image is already misclassified, bool, shape `[b]`. */
  fooled: Tensor1D;
  /** Its misclassified point, where there is one. */
  found: Tensor4D;
}

/** A search, and the images of the batch on which it works. */
export interface Search<S extends SearchState> {
  readonly state: S;
  readonly places: readonly number[];
}

/** The result of `retire`: the retired images, and the search that continues. */
export interface Retirement<S extends SearchState> {
  retired: Part[];
  search: Search<S> | undefined;
}

/**
 * Ends the search for images that are already misclassified: more of it would
 * cost time without changing that. The search of an image does not depend on the
 * others, so that the rest find the same as before.
 *
 * @param search Disposed, if any image retires.
 * @param least Smallest share of the images for which copying pays off.
 */
export async function retire<S extends SearchState>(
  { state, places }: Search<S>,
  least = 0,
): Promise<Retirement<S>> {
  const fooled = await state.fooled.data();
  const [fooledRows, otherRows]: [number[], number[]] = [[], []];
  places.forEach((_, row) => (fooled[row] ? fooledRows : otherRows).push(row));
  if (fooledRows.length === 0 || fooledRows.length < least * places.length) {
    return { retired: [], search: { state, places } };
  }
  const placesOf = (rows: number[]) => rows.map((row) => places[row]!);
  const retired = [
    { places: placesOf(fooledRows), images: takeRows(state.found, fooledRows) },
  ];
  const search = otherRows.length === 0 ? undefined : {
    state: Object.fromEntries(
      Object.entries(state).map((
        [name, tensor],
      ) => [name, takeRows(tensor, otherRows)]),
    ) as S,
    places: placesOf(otherRows),
  };
  tf.dispose(state);
  return { retired, search };
}

/**
 * Some rows of a tensor.
 *
 * @returns Shape `[rows, ...]`; the caller disposes it.
 */
export function takeRows<T extends tf.Tensor>(
  tensor: T,
  rows: readonly number[],
): T {
  return tf.tidy(() => {
    const [count, ...rest] = tensor.shape;
    const flat = tf.reshape(tensor, [count!, -1]);
    const taken = tf.gather(flat, tf.tensor1d([...rows], "int32"));
    return tf.reshape(taken, [rows.length, ...rest]) as T;
  });
}

/**
 * Joins parts that together are the batch, in the order of the batch.
 *
 * @param parts At least one; disposed.
 */
export function joinParts(parts: readonly Part[]): Tensor4D {
  const order: number[] = [];
  parts.flatMap(({ places }) => places)
    .forEach((place, row) => order[place] = row);
  const images = parts.map((part) => part.images);
  const joined = tf.tidy(() => takeRows(tf.concat(images) as Tensor4D, order));
  tf.dispose(images);
  return joined;
}
