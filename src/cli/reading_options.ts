import { readingFields } from "../spec/reading.ts";

/**
 * The options of commands that load a data set: how the images of a folder are
 * read. `pickReading` takes them out of what a command was given.
 */
export const readingOptions = readingFields;
