import { canonicalJson } from "../core/digest.ts";
import { messageOf, UsageError } from "../core/errors.ts";
import { encodeSafetensors } from "../results/safetensors.ts";
import type { Cell } from "../spec/plan_cells.ts";
import type { CellListener } from "./run_cell.ts";

/**
 * Writes what is needed to repeat a cell with another program, into `DIR/ID/`:
 * `initial.safetensors` and `final.safetensors` with PyTorch's names and layouts,
 * `config.json`, and `order.jsonl`, one line per gradient step: its epoch, and
 * the training rows of its batch in order (a row is an index into the training
 * split; a copy has the row of its original).
 *
 * @returns A listener for `runCell`; it throws as this function does.
 * @throws {UsageError} If a file cannot be written.
 */
export function exportCell(
  dir: string,
  cell: Cell,
): Pick<CellListener, "onOrder" | "onWeights"> {
  const folder = `${dir}/${cell.id}`;
  const config = `${folder}/config.json`;
  write(config, () => {
    Deno.mkdirSync(folder, { recursive: true });
    Deno.writeTextFileSync(config, canonicalJson(cell.config) + "\n");
  });
  return {
    onWeights(when, weights) {
      const path = `${folder}/${when}.safetensors`;
      const bytes = encodeSafetensors(weights, { cell: cell.id, when });
      write(path, () => Deno.writeFileSync(path, bytes));
    },
    onOrder(rows, order) {
      const path = `${folder}/order.jsonl`;
      write(path, () => {
        const file = Deno.createSync(path);
        try {
          for (const { epoch, slots } of order) {
            const line = {
              epoch,
              rows: Array.from(slots, (slot) => rows[slot]),
            };
            writeAll(file, JSON.stringify(line) + "\n");
          }
        } finally {
          file.close();
        }
      });
    },
  };
}

function write(path: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw new UsageError(`Cannot write "${path}": ${messageOf(error)}`);
  }
}

function writeAll(file: Deno.FsFile, text: string): void {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  while (at < bytes.length) at += file.writeSync(bytes.subarray(at));
}
