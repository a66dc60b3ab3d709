import { canonicalJson } from "../core/digest.ts";
import { encodeSafetensors } from "../results/safetensors.ts";
import type { Cell } from "../study/plan_cells.ts";
import type { CellHooks } from "./run_cell.ts";

/**
 * Writes what someone needs to repeat a cell with another program, into
 * `DIR/ID/`: `initial.safetensors` and `final.safetensors` with PyTorch's names
 * and layouts, `config.json`, and `order.jsonl`, one line a gradient step: its
 * epoch, and the training rows of its batch in order (a row is an index into
 * the training split; a copy has the row of its original).
 *
 * @returns Hooks for `runCell`.
 */
export function exportCell(
  dir: string,
  cell: Cell,
): Required<Pick<CellHooks, "onOrder" | "onWeights">> {
  const folder = `${dir}/${cell.id}`;
  Deno.mkdirSync(folder, { recursive: true });
  Deno.writeTextFileSync(
    `${folder}/config.json`,
    canonicalJson(cell.config) + "\n",
  );
  return {
    onWeights(when, weights) {
      Deno.writeFileSync(
        `${folder}/${when}.safetensors`,
        encodeSafetensors(weights, { cell: cell.id, when }),
      );
    },
    onOrder(rows, order) {
      const file = Deno.createSync(`${folder}/order.jsonl`);
      try {
        for (const { epoch, slots } of order) {
          const line = { epoch, rows: Array.from(slots, (slot) => rows[slot]) };
          writeAll(file, JSON.stringify(line) + "\n");
        }
      } finally {
        file.close();
      }
    },
  };
}

function writeAll(file: Deno.FsFile, text: string): void {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  while (at < bytes.length) at += file.writeSync(bytes.subarray(at));
}
