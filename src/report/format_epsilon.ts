/** A radius in pixel units, as a fraction of 255 where it is one. */
export function formatEpsilon(epsilon: number): string {
  const in255 = epsilon * 255;
  return Math.abs(in255 - Math.round(in255)) < 1e-6
    ? `${Math.round(in255)}/255`
    : epsilon.toPrecision(3);
}
