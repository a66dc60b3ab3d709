/**
 * The labels of an equation of Einstein summation: those of each tensor and those
 * of the result.
 *
 * @param equation As `tf.einsum` takes it, such as `"bij,bjk->bik"`.
 */
export function einsumLabels(
  equation: string,
): { terms: string[][]; output: string[] } {
  const [inputs, output] = equation.replaceAll(/\s/g, "").split("->") as [
    string,
    string,
  ];
  return {
    terms: inputs.split(",").map((term) => [...term]),
    output: [...output],
  };
}
