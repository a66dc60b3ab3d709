/**
 * Numbers with every NaN in the form that JavaScript writes, 0x7FC00000. Which
 * NaN an operation gives is the only freedom of WebAssembly without relaxed
 * SIMD, and differs between engines and processors.
 *
 * @returns The array itself where it has no NaN, otherwise a copy.
 */
export function canonicalNaN(values: Float32Array): Float32Array {
  if (!values.some(Number.isNaN)) return values;
  const copy = values.slice();
  const bits = new Uint32Array(copy.buffer);
  for (let i = 0; i < copy.length; i++) {
    if (Number.isNaN(copy[i])) bits[i] = 0x7fc00000;
  }
  return copy;
}
