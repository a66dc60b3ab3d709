/**
 * The command line: what `deno task` starts.
 *
 * @module
 */
import { processIo } from "./io.ts";
import { main } from "./main.ts";

if (import.meta.main) Deno.exit(await main(Deno.args, processIo()));
