import type { DataType } from "@tensorflow/tfjs";

/** Types of numbers that lie in the memory of the backend. */
export type CopiedType = "float32" | "int32" | "bool";

/** Whether numbers of a type can be copied as bytes. */
export function isCopied(dtype: DataType): dtype is CopiedType {
  return dtype === "float32" || dtype === "int32" || dtype === "bool";
}
