import { isDeno } from "../core/runtime/engine.ts";
import { existsHere } from "../core/runtime/own_files.ts";

/** Whether this is a checkout, whose commands are tasks of Deno. */
export const isCheckout: boolean = isDeno &&
  existsHere(new URL("../../deno.json", import.meta.url));

/** The words that start a command here. */
export const program: string = isCheckout ? "deno task" : "npx dupbench";
