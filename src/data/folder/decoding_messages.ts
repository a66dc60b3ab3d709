import type { FittedOptions } from "./decode_fitted.ts";

/** A file for a thread that decodes. */
export interface DecodingJob {
  readonly bytes: Uint8Array;
  /** The file, for messages. */
  readonly path: string;
  readonly how: FittedOptions;
}

/**
 * What such a thread answers: `ready` once, then one answer for each file; before
 * that of a file for which it loads a decoder, `loading` and `loaded`.
 */
export type DecodingReply =
  | { readonly type: "ready" | "loading" | "loaded" }
  | { readonly type: "pixels"; readonly pixels: Uint8Array }
  | { readonly type: "bad"; readonly message: string }
  | { readonly type: "error"; readonly message: string };
