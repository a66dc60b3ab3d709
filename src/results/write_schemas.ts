/**
 * Writes the published JSON Schemas of studies and result sets from the zod
 * schemas that validate them; with `--check`, only says whether they are
 * current.
 *
 * @module
 */
import { z } from "zod";
import { studySchema } from "../spec/study.ts";
import { resultSetSchema } from "./result_set.ts";

const schemas = {
  "../spec/study.schema.json": z.toJSONSchema(studySchema, { io: "input" }),
  "./result_set.schema.json": z.toJSONSchema(resultSetSchema),
};

if (import.meta.main) {
  const isCheck = Deno.args.includes("--check");
  for (const [path, schema] of Object.entries(schemas)) {
    const url = new URL(path, import.meta.url);
    const text = JSON.stringify(schema, null, 2) + "\n";
    if (!isCheck) {
      await Deno.writeTextFile(url, text);
    } else if (await Deno.readTextFile(url).catch(() => "") !== text) {
      console.error(`${path} is stale: run "deno task schemas"`);
      Deno.exit(1);
    }
  }
}
