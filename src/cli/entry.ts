/**
 * The command line: what `deno task` starts.
 *
 * @module
 */
import "../core/complete_builtins.ts";
import process from "node:process";
import { processIo } from "./io.ts";
import { main } from "./main.ts";

process.exit(await main(process.argv.slice(2), processIo()));
