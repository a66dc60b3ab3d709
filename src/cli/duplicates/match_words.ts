import type { Match } from "../../detection/explain_match.ts";

/** Changes of contrast from which on they are named. */
const CONTRAST = 0.05;

/** Changes of mean brightness from which on they are named, of 255. */
const BRIGHTNESS = 3;

/** Changes of a channel beyond that from which on they are named, of 255. */
const TINT = 3;

/** Differences from which on details differ by more than noise. */
const DETAILS = 0.15;

/** Why an image is a duplicate, in words that a list joins. */
export interface MatchWord {
  /** The kind, by which a reader filters. */
  readonly kind:
    | "file"
    | "pixels"
    | "mirrored"
    | "shift"
    | "brightness"
    | "tint"
    | "part"
    | "resized"
    | "details"
    | "noise";
  /** The kind with its amount. */
  readonly text: string;
}

/** The reasons for a match; at least one. */
export function matchWords(
  { reason, change, difference }: Match,
): MatchWord[] {
  if (reason === "file") return [{ kind: "file", text: "same file" }];
  if (change === undefined) return [{ kind: "pixels", text: "same pixels" }];
  const { mirrored, down, right, enlarged, gain, brighter, tint = 0, resized } =
    change;
  const words: MatchWord[] = [];
  if (mirrored) words.push({ kind: "mirrored", text: "mirrored" });
  if (down !== 0 || right !== 0) {
    const parts = [
      ...(down === 0 ? [] : [`${Math.abs(down)} ${down > 0 ? "down" : "up"}`]),
      ...(right === 0
        ? []
        : [`${Math.abs(right)} ${right > 0 ? "right" : "left"}`]),
    ];
    words.push({ kind: "shift", text: `shifted ${parts.join(" and ")}` });
  }
  if (enlarged !== undefined) {
    const [tall, wide] = [enlarged.height, enlarged.width]
      .map((times) => `×${times.toFixed(2)}`);
    words.push({
      kind: "part",
      text: tall === wide
        ? `content ${tall}`
        : `content ${tall} in height, ${wide} in width`,
    });
  }
  const isContrast = Math.abs(gain - 1) > CONTRAST;
  if (isContrast || Math.abs(brighter) > BRIGHTNESS) {
    const parts = [
      ...(isContrast ? [`contrast ×${gain.toFixed(2)}`] : []),
      ...(Math.abs(brighter) > BRIGHTNESS
        ? [
          `${brighter > 0 ? "brighter" : "darker"} by ${
            Math.abs(brighter).toFixed(0)
          }`,
        ]
        : []),
    ];
    words.push({ kind: "brightness", text: parts.join(", ") });
  }
  if (tint > TINT) {
    words.push({ kind: "tint", text: `colours changed by ${tint.toFixed(0)}` });
  }
  if (resized) words.push({ kind: "resized", text: "resized" });
  if (difference > DETAILS) {
    words.push({ kind: "details", text: "details differ" });
  }
  return words.length > 0
    ? words
    : [{ kind: "noise", text: "noise, as of re-encoding" }];
}

/** The reasons in one phrase. */
export function describeMatch(match: Match): string {
  return matchWords(match).map(({ text }) => text).join(", ");
}
