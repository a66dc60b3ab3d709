import type { DatasetLimits } from "../data/limit_dataset.ts";
import type { FinishedCell, ResultSet } from "../results/result_set.ts";
import type { WasmBytes } from "../backend/open_wasm_bytes.ts";
import type { ComparedValue } from "../verify/compare_values.ts";

/** What the images of a page are made from. */
export type ImageSource =
  /** The images in the page, as `packImages` makes them. */
  | { readonly packed: Uint8Array<ArrayBuffer> }
  /** The files of CIFAR-10 that the reader chose, of which a part is kept. */
  | { readonly files: readonly File[]; readonly limits: DatasetLimits };

/** What the page asks of its worker, once. */
export interface RunRequest {
  /** The cell as it was recorded. */
  readonly recorded: FinishedCell;
  /** What was recorded of its images. */
  readonly dataset: ResultSet["dataset"];
  /** Its images. */
  readonly images: ImageSource;
  /** The kernels. */
  readonly binaries: WasmBytes;
}

/** What the worker tells the page. */
export type RunEvent =
  /** The images are those that were recorded, and training begins. */
  | { readonly kind: "begun" }
  /** `share` of the work is done, in `[0, 1]`. */
  | {
    readonly kind: "progress";
    readonly share: number;
    readonly epoch: number;
  }
  /** An epoch has ended; the mean loss of each of its steps. */
  | { readonly kind: "losses"; readonly losses: Float32Array }
  /** All is compared. `fault`: the first difference, in words. */
  | {
    readonly kind: "compared";
    readonly fault: string | undefined;
    readonly values: readonly ComparedValue[];
    /** Time to train and to evaluate. */
    readonly runMs: number;
  }
  /** It could not be run here. */
  | { readonly kind: "failed"; readonly message: string };
