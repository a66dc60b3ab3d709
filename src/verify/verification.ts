import type { WorkLimit } from "../core/require_short.ts";
import type { SweepListener } from "../sweep/run_sweep.ts";
import type { Findings } from "../results/findings.ts";
import type { SampleOptions } from "./sample_cells.ts";

/** How to verify a result set. */
export interface VerifyOptions extends SampleOptions, WorkLimit {
  /**
   * Worker processes, each of which runs one cell at a time; they need the
   * permission `--allow-run=deno`. Default: cells run in this process.
   */
  jobs?: number | undefined;
  /** Directory of the data set's files, if it has one. */
  dataDir?: string | undefined;
  /**
   * For WebGPU cells, whose bits depend on the adapter: largest share of images,
   * in `[0, 1]`, that may be correct in one run and wrong in the other; losses
   * may differ by a tenth of that, relatively. Absent, or on another backend:
   * every deterministic value must be equal, bit for bit.
   */
  tolerance?: number | undefined;
  /** Ends the verification early. */
  signal?: AbortSignal | undefined;
  /** Is told, before cells run, how long they take, as a sentence. */
  onEstimate?: ((text: string) => void) | undefined;
  /** Is told of the cells that run. */
  listener?: SweepListener;
  /** Is told, as soon as a cell has run, how it compares. */
  onCompared?: ((id: string, comparison: RepeatedCell) => void) | undefined;
}

/** How two runs of a cell differ; without fault and note they are equal bit for bit. */
export interface RepeatedCell {
  /** A difference that there must not be. */
  fault?: string;
  /** A difference within the tolerance. */
  note?: string;
}

/** The outcome of a verification. */
export interface Verification extends Findings {
  /** Ids of the cells that were run again, in the order of the set. */
  repeated: string[];
  /** How many of these were equal bit for bit. */
  identical: number;
  /** Cells that could not run here, each with the reason: no fault of the set. */
  notRun: string[];
  /** Whether the signal ended it before all chosen cells had run. */
  interrupted: boolean;
}
