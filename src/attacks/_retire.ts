import * as tf from "@tensorflow/tfjs";
import type { Tensor1D, Tensor4D } from "../kernels/ops/tensors.ts";

/** Some images of a batch. */
export interface Part {
  /** Their places in the batch. */
  readonly places: readonly number[];
  /** Their pixels, in that order, shape `[places, h, w, c]`. */
  readonly images: Tensor4D;
}

/** Where a search stands; the images come first in every tensor's shape. */
export interface SearchState extends tf.NamedTensorMap {
  /** Whether an image is misclassified already, bool, shape `[b]`. */
  fooled: Tensor1D;
  /** Its misclassified point, where there is one. */
  found: Tensor4D;
}

/** A search, and which images of the batch it is about. */
export interface Search<S extends SearchState> {
  readonly state: S;
  readonly places: readonly number[];
}

/** What `retire` came to: one part or none, and what goes on, if anything. */
export interface Retirement<S extends SearchState> {
  retired: Part[];
  search: Search<S> | undefined;
}

/**
 * Ends the search for the images that are misclassified already: to go on
 * would cost time and change nothing in whether they are. As no image's search
 * depends on another's, those that stay find what they would have found.
 *
 * @param search Disposed, if anything retires.
 * @param least Share of the images from which on it is worth the copying. */
export async function retire<S extends SearchState>(
  { state, places }: Search<S>,
  least = 0,
): Promise<Retirement<S>> {
  const fooled = await state.fooled.data();
  const [gone, stay]: [number[], number[]] = [[], []];
  places.forEach((_, row) => (fooled[row] ? gone : stay).push(row));
  if (gone.length === 0 || gone.length < least * places.length) {
    return { retired: [], search: { state, places } };
  }
  const placesOf = (rows: number[]) => rows.map((row) => places[row]!);
  const retired = [
    { places: placesOf(gone), images: takeRows(state.found, gone) },
  ];
  const search = stay.length === 0 ? undefined : {
    state: Object.fromEntries(
      Object.entries(state).map((
        [name, tensor],
      ) => [name, takeRows(tensor, stay)]),
    ) as S,
    places: placesOf(stay),
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
 * Puts parts, which together are the batch, back in its order.
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
