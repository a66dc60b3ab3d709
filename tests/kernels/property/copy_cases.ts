import * as tf from "@tensorflow/tfjs";
import {
  type Draw,
  type DrawnCase,
  type DrawnInput,
  sizeOf,
} from "./drawn_case.ts";

/** Where the elements of a result come from: places in the inputs, end to end. */
type Source = (index: number[]) => number;

/** A drawn shape. TensorFlow.js's own padding, the gradient of a slice, ends at 4. */
const drawShape = (draw: Draw, { least = 1, most = 5 } = {}) =>
  Array.from({ length: draw.whole(least, most) }, () => draw.whole(1, 4));

/** Numbers of a drawn type, and how many orders of gradients they have. */
function drawInputs(draw: Draw, shapes: readonly number[][]) {
  const isWhole = draw.whole(0, 3) === 0;
  const inputs = shapes.map((shape): DrawnInput =>
    isWhole
      ? {
        shape,
        dtype: "int32",
        values: Array.from({ length: sizeOf(shape) }, () => draw.whole(-9, 9)),
      }
      : draw.lattice(shape)
  );
  return { inputs, orders: isWhole ? 0 as const : 2 as const };
}

const placeIn = (shape: readonly number[], index: readonly number[]) =>
  shape.reduce((place, size, i) => place * size + index[i]!, 0);

/** Numbers of a shape, each copied from where `source` says. */
function copied(
  shape: readonly number[],
  lists: readonly number[][],
  source: Source,
): number[] {
  const values = lists.flat();
  return Array.from({ length: sizeOf(shape) }, (_, flat) => {
    const index = shape.map(() => 0);
    for (let i = shape.length - 1; i >= 0; i--) {
      index[i] = flat % shape[i]!;
      flat = Math.floor(flat / shape[i]!);
    }
    return values[source(index)]!;
  });
}

/** Repetitions along every axis, some of them once. */
export function drawTile(draw: Draw): DrawnCase {
  const shape = drawShape(draw);
  const reps = shape.map(() => draw.whole(1, 3));
  const tiled = shape.map((size, i) => size * reps[i]!);
  return {
    text: `tile [${shape}] by [${reps}]`,
    ...drawInputs(draw, [shape]),
    run: (x) => tf.tile(x!, reps),
    reference: (...lists) =>
      copied(
        tiled,
        lists,
        (index) => placeIn(shape, index.map((at, i) => at % shape[i]!)),
      ),
  };
}

/** Boxes of tensors. */
export function drawSlice(draw: Draw): DrawnCase {
  const shape = drawShape(draw, { most: 4 });
  const begin = shape.map((size) => draw.whole(0, size - 1));
  const size = shape.map((most, i) => draw.whole(1, most - begin[i]!));
  return {
    text: `slice [${shape}] from [${begin}], [${size}]`,
    ...drawInputs(draw, [shape]),
    run: (x) => tf.slice(x!, begin, size),
    reference: (...lists) =>
      copied(
        size,
        lists,
        (index) => placeIn(shape, index.map((at, i) => at + begin[i]!)),
      ),
  };
}

/** Tensors turned around along one axis or several. */
export function drawReverse(draw: Draw): DrawnCase {
  const shape = drawShape(draw, { most: 4 });
  const axes = shape.map((_, i) => i).filter(() => draw.whole(0, 1) === 1);
  if (axes.length === 0) axes.push(draw.whole(0, shape.length - 1));
  return {
    text: `reverse [${shape}] along [${axes}]`,
    ...drawInputs(draw, [shape]),
    run: (x) => tf.reverse(x!, axes),
    reference: (...lists) =>
      copied(shape, lists, (index) =>
        placeIn(
          shape,
          index.map((at, i) => axes.includes(i) ? shape[i]! - 1 - at : at),
        )),
  };
}

/** Parts along an axis by their indices, which batches may have of their own. */
export function drawGather(draw: Draw): DrawnCase {
  const shape = drawShape(draw, { most: 4 });
  const axis = draw.whole(0, shape.length - 1);
  const batches = draw.whole(0, 1) === 1 ? draw.whole(0, axis) : 0;
  const own = Array.from(
    { length: draw.whole(batches === 0 ? 0 : 1, 2) },
    () => draw.whole(1, 3),
  );
  const indexShape = [...shape.slice(0, batches), ...own];
  const indices = Array.from(
    { length: sizeOf(indexShape) },
    () => draw.whole(0, shape[axis]! - 1),
  );
  const out = [...shape.slice(0, axis), ...own, ...shape.slice(axis + 1)];
  const inputs = drawInputs(draw, [shape]);
  return {
    text: `gather of [${shape}] along ${axis} by [${indexShape}], ${batches}`,
    ...inputs,
    run: (x) =>
      tf.gather(
        x!,
        tf.tensor(indices, indexShape as [number], "int32"),
        axis,
        batches,
      ),
    reference: (...lists) =>
      copied(out, lists, (index) => {
        const place = index.slice(axis, axis + own.length);
        const at = placeIn(indexShape, [...index.slice(0, batches), ...place]);
        return placeIn(shape, [
          ...index.slice(0, axis),
          indices[at]!,
          ...index.slice(axis + own.length),
        ]);
      }),
    // The gradient of TensorFlow.js throws where batches have their own indices.
    orders: batches === 0 ? inputs.orders : 0,
  };
}

/** One to four tensors next to each other. */
export function drawConcat(draw: Draw): DrawnCase {
  const shape = drawShape(draw, { most: 4 });
  const axis = draw.whole(0, shape.length - 1);
  const sizes = Array.from(
    { length: draw.whole(1, 4) },
    () => draw.whole(1, 4),
  );
  const shapes = sizes.map((size) => shape.with(axis, size));
  const all = shape.with(axis, sizes.reduce((sum, size) => sum + size, 0));
  return {
    text: `concat of [${shapes.join("], [")}] along ${axis}`,
    ...drawInputs(draw, shapes),
    run: (...x) => tf.concat(x, axis),
    reference: (...lists) =>
      copied(all, lists, (index) => {
        let [which, before, at] = [0, 0, index[axis]!];
        while (at >= sizes[which]!) {
          before += sizeOf(shapes[which]!);
          at -= sizes[which++]!;
        }
        return before + placeIn(shapes[which]!, index.with(axis, at));
      }),
  };
}

/** One of the parts of a split, or of the tensors that are stacked along an axis. */
export function drawSplit(draw: Draw): DrawnCase {
  const sizes = Array.from(
    { length: draw.whole(1, 4) },
    () => draw.whole(1, 3),
  );
  const unpacks = draw.whole(0, 1) === 1;
  if (unpacks) sizes.fill(1);
  const rest = drawShape(draw, { most: 4 });
  const axis = draw.whole(0, rest.length - 1);
  const shape = rest.with(axis, sizes.reduce((sum, size) => sum + size, 0));
  const which = draw.whole(0, sizes.length - 1);
  const before = sizes.slice(0, which).reduce((sum, size) => sum + size, 0);
  return {
    text: `${
      unpacks ? "unstack" : `split into [${sizes}]`
    } of [${shape}] along ${axis}, part ${which}`,
    ...drawInputs(draw, [shape]),
    run: (x) =>
      unpacks
        ? tf.unstack(x!, axis)[which]!
        : tf.split(x!, sizes, axis)[which]!,
    reference: (...lists) =>
      copied(
        shape.with(axis, sizes[which]!),
        lists,
        (index) => placeIn(shape, index.with(axis, index[axis]! + before)),
      ),
  };
}
