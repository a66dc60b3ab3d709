/** A change in points with its sign and one decimal. */
export function formatChange(points: number): string {
  const text = Math.abs(points).toFixed(1);
  if (Number(text) === 0) return "0.0";
  return `${points < 0 ? "−" : "+"}${text}`;
}
