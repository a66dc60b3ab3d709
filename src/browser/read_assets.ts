import { readFile } from "node:fs/promises";
import { simdFile } from "../backend/wasm_files.ts";

/** What a page holds besides results and images. */
export interface PageAssets {
  /** The script of the page. */
  readonly client: string;
  /** The script of the worker that trains. */
  readonly worker: Uint8Array;
  /** TensorFlow.js's backend in WebAssembly. */
  readonly tfjs: Uint8Array;
  /** The kernels of this project. */
  readonly kernels: Uint8Array;
}

/** Reads the scripts, which `deno task build:page` made, and the kernels. */
export async function readAssets(): Promise<PageAssets> {
  const [client, worker, tfjs, kernels] = await Promise.all([
    readFile(new URL("./bundle/client.js", import.meta.url), "utf8"),
    readFile(new URL("./bundle/worker.js", import.meta.url)),
    readFile(simdFile),
    readFile(new URL("../kernels/wasm/kernels.wasm", import.meta.url)),
  ]);
  return { client, worker, tfjs, kernels };
}
