// @ts-types="npm:@types/d3-contour@3.0.6"
import { contours } from "d3-contour";
import { decide, type Svm } from "./train_svm.ts";

/** Samples of the decision function along a side. */
const SAMPLES = 70;

/**
 * Outlines where a machine predicts class +1 in a square of the plane.
 *
 * @param range Coordinates of the square, in both dimensions.
 * @returns Rings around it and its holes, closed outside the square, so that
 * inside it they are the decision boundary and nothing else.
 */
export function outlinePositive(
  svm: Svm,
  [low, high]: readonly [low: number, high: number],
): [x: number, y: number][][] {
  const step = (high - low) / SAMPLES;
  // One and a half cells more on each side, for the closing edges.
  const side = SAMPLES + 3;
  const at = (cells: number) => low + (cells - 1.5) * step;
  const values = Array.from({ length: side * side }, (_, i) => {
    const [column, row] = [i % side, Math.floor(i / side)];
    return decide(svm, [at(column + 0.5), at(row + 0.5)]);
  });
  const [positive] = contours().size([side, side]).thresholds([0])(values);
  return positive!.coordinates.flat().map((ring) =>
    ring.map(([x, y]): [number, number] => [at(x!), at(y!)])
  );
}
