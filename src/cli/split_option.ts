import { z } from "zod";
import { namesOf } from "../spec/term.ts";
import { renewedFields } from "../spec/renewed_fields.ts";
import { splits } from "../spec/splits.ts";

/** The option of commands that load a data set: how a folder is split. */
export const splitOption = z.enum(namesOf(splits)).optional().describe(
  `How a folder without sub-folders for training and testing is split (default ${renewedFields.split.current})`,
);
