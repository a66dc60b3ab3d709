import type { DataType } from "@tensorflow/tfjs";

/** Types of numbers that lie in the memory of the backend. */
export type CopiedType = Exclude<DataType, "string">;

/** Whether numbers of a type can be copied as bytes. */
export const isCopied = (dtype: DataType): dtype is CopiedType =>
  dtype !== "string";
