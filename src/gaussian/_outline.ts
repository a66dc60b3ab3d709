// @ts-types="npm:@types/d3-contour@3.0.6"
import { contours } from "d3-contour";
import { decide, type Svm } from "./train_svm.ts";

/** Samples of the machine's function along a side. */
const SAMPLES = 70;

/**
 * Outlines where a machine says class +1 in a square of the plane.
 *
 * @param range Coordinates of the square, both ways.
 * @returns Rings around it (holes are rings, too), closed outside the square,
 * so that within it there is nothing but the decision boundary.
 */
export function outlinePositive(
  svm: Svm,
  [low, high]: readonly [low: number, high: number],
): [x: number, y: number][][] {
  const step = (high - low) / SAMPLES;
  // A cell and a half more on each side, for the closing edges.
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
