import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  writeFileSync,
} from "node:fs";
import { stat } from "node:fs/promises";
import { canonicalJson } from "../core/digest.ts";
import { messageOf, UsageError } from "../core/errors.ts";
import type { Dataset, LabelledImages } from "../data/dataset.ts";
import type { PixelMove } from "../data/gather_images.ts";
import type { JsonValue } from "../core/json_value.ts";
import type { FinishedCell } from "../results/result_set.ts";
import { encodeSafetensors, type NamedTensor } from "../results/safetensors.ts";
import { inferNetwork, type InferredLayer } from "../spec/infer_network.ts";
import type { Cell } from "../spec/plan_cells.ts";
import { networkOf } from "../spec/find_network.ts";
import type { BatchDescription } from "../train/describe_batches.ts";
import { adamConstants } from "../train/optimizer.ts";
import { evaluationMoves } from "./evaluate_cell.ts";
import type { CellListener } from "./run_cell.ts";
import { splitFor, type TrainingList } from "./training_list.ts";

/** Identity of the format of an export; the number grows when it changes. */
const EXPORT_SCHEMA = "dupbench/cell-export/2";

/** The file of an export that is written last. */
const LAST = "cell.json";

/** Writes the export of one cell while it runs. */
export interface CellExport {
  /** What `runCell` is to call. */
  readonly listener: Required<
    Pick<CellListener, "onPlanned" | "onWeights" | "onLosses">
  >;
  /** Writes what is known once the cell has finished. */
  finish(cell: FinishedCell): void;
}

/**
 * Writes everything that another program needs to repeat a cell, into `DIR/ID/`:
 * images, slots, batches, moves, loss weights, weights before and after
 * training, the loss of every step and the outcome. `docs/cell-export.md`
 * describes the files, and `docs/repeat_cell.py` repeats a cell from them.
 *
 * @throws {UsageError} If a file cannot be written, as all of its methods do.
 */
export function exportCell(
  dir: string,
  cell: Cell,
  whole: Dataset,
): CellExport {
  const { id, config } = cell;
  const { dataset } = splitFor(config, whole);
  const network = inferNetwork(networkOf(config), {
    shape: dataset.shape,
    classes: dataset.classNames.length,
  });
  const folder = `${dir}/${id}`;
  const write = (name: string, content: string | Uint8Array) =>
    attempt(`${folder}/${name}`, (path) => {
      mkdirSync(folder, { recursive: true });
      writeFileSync(path, content);
    });
  const writeTensors = (name: string, tensors: NamedTensor[]) =>
    write(`${name}.safetensors`, encodeSafetensors(tensors, { cell: id }));
  write("config.json", canonicalJson(config) + "\n");
  writeTensors("test", testTensors(cell, dataset));
  const losses: number[] = [];
  return {
    listener: {
      onPlanned(list, batches) {
        writeTensors("training", trainingTensors(list, dataset));
        attempt(`${folder}/batches.jsonl`, (path) => {
          const file = openSync(path, "w");
          try {
            for (const batch of batches) appendFileSync(file, lineOf(batch));
          } finally {
            closeSync(file);
          }
        });
      },
      onWeights: (when, weights) => writeTensors(when, weights),
      onLosses(ofEpoch) {
        for (const loss of ofEpoch) losses.push(loss);
      },
    },
    finish({ outcome }) {
      // What is not finite has no form in JSON.
      write("losses.json", JSON.stringify(losses) + "\n");
      write(
        LAST,
        canonicalJson({
          schema: EXPORT_SCHEMA,
          id,
          config,
          layers: describeLayers(network.layers, { dropouts: 0 }),
          trained: network.parameters.filter(({ isTrained }) => isTrained)
            .map(({ name }) => name),
          adam: adamConstants,
          classes: dataset.classNames.length,
          classNames: dataset.classNames,
          shape: dataset.shape,
          outcome,
        }) + "\n",
      );
    },
  };
}

/** Whether a folder has the whole export of a cell: its last file is there. */
export async function hasExport(dir: string, id: string): Promise<boolean> {
  return await stat(`${dir}/${id}/${LAST}`).then(
    (found) => found.isFile(),
    () => false,
  );
}

/**
 * Layers as `cell.json` has them, with the names of their weights; dropout with
 * its number, and the shape in whose order its factors are drawn.
 *
 * @param before Number of dropout layers before them; counts on.
 */
function describeLayers(
  layers: readonly InferredLayer[],
  before: { dropouts: number },
): JsonValue[] {
  return layers.map((inferred) => {
    const { layer, name, input, flattened, layers: inner, shortcut } = inferred;
    const isDrawn = layer.type === "dropout" && layer.rate > 0;
    return {
      ...layer,
      ...(name !== "" && { name }),
      ...(isDrawn && {
        number: before.dropouts++,
        drawn: [
          ...flattened ?? (input.length === 3 ? input : [1, 1, ...input]),
        ],
      }),
      ...(inner && { layers: describeLayers(inner, before) }),
      ...(shortcut && { shortcut: describeLayers(shortcut, before) }),
    } as JsonValue;
  });
}

/** Images by row that a slot shows, and what each slot is. */
function trainingTensors(
  { images, imageRows, rows, labels, weights, originals }: TrainingList,
  { shape, train }: Dataset,
): NamedTensor[] {
  const shown = [...new Set(imageRows)].sort((a, b) => a - b);
  const placeOf = new Map(shown.map((row, at) => [row, at]));
  const size = shape.reduce((product, extent) => product * extent, 1);
  const pixels = new Uint8Array(shown.length * size);
  shown.forEach((row, at) =>
    pixels.set(images.pixels.subarray(row * size, (row + 1) * size), at * size)
  );
  const integers = (values: Iterable<number>) => Int32Array.from(values);
  const perSlot = (name: string, data: NamedTensor["data"]): NamedTensor => ({
    name,
    shape: [data.length],
    data,
  });
  return [
    ...(weights === undefined ? [] : [perSlot("weights", weights)]),
    perSlot("rows", integers(rows)),
    perSlot(
      "sourceRows",
      integers(Array.from(rows, (row) => train.sourceRows?.[row] ?? row)),
    ),
    perSlot("labels", integers(labels)),
    perSlot(
      "imageRows",
      integers(Array.from(imageRows, (row) => placeOf.get(row)!)),
    ),
    perSlot(
      "isCopy",
      Uint8Array.from(rows, (_, slot) => slot < originals ? 0 : 1),
    ),
    { name: "images", shape: [shown.length, ...shape], data: pixels },
  ];
}

function testTensors(
  { config }: Cell,
  { shape, test }: Dataset,
): NamedTensor[] {
  const moveOf = evaluationMoves("test", { config, dataset: { shape } });
  const rows = Array.from({ length: test.rows }, (_, row) => row);
  const moves = moveOf && rows.map((row) => flatten(moveOf(row)));
  return [
    { name: "sourceRows", shape: [test.rows], data: sourceRowsOf(test, rows) },
    { name: "labels", shape: [test.rows], data: Int32Array.from(test.labels) },
    ...(moves === undefined ? [] : [{
      name: "moves",
      shape: [test.rows, moves[0]?.length ?? 0],
      data: Int32Array.from(moves.flat()),
    }]),
    { name: "images", shape: [test.rows, ...shape], data: test.pixels },
  ];
}

function sourceRowsOf(images: LabelledImages, rows: number[]): Int32Array {
  return Int32Array.from(rows, (row) => images.sourceRows?.[row] ?? row);
}

/** A move as integers: three, or five where there is cutout. */
const flatten = ({ down, right, flip, cutout }: PixelMove) => [
  down,
  right,
  Number(flip),
  ...(cutout ? [cutout.top, cutout.left] : []),
];

function lineOf(batch: BatchDescription): string {
  const { epoch, step, passes, learningRate, slots, moves } = batch;
  return JSON.stringify({
    epoch,
    step,
    passes: Array.from(passes),
    learningRate,
    slots: Array.from(slots),
    ...(moves && { moves: moves.flatMap(flatten) }),
  }) + "\n";
}

function attempt(path: string, work: (path: string) => void): void {
  try {
    work(path);
  } catch (error) {
    throw new UsageError(`Cannot write "${path}": ${messageOf(error)}`);
  }
}
