/**
 * A user's program: imports every module of the library, and reads and analyses
 * a result set with it. Argument: the path of the set.
 */
import { readFile } from "node:fs/promises";

const manifest = JSON.parse(
  await readFile("node_modules/dupbench/package.json", "utf8"),
);
for (const subpath of Object.keys(manifest.exports)) {
  if (subpath.endsWith(".json")) continue;
  await import(subpath.replace(/^\./, "dupbench"));
}
const { analyse, readResultSet } = await import("dupbench");
const { claims } = analyse([await readResultSet(process.argv[2])]);
if (claims.length === 0) throw new Error("no claims");
