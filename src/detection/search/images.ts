/** Images to search, as bytes. */
export interface Images {
  /** Pixels, shape `[rows, height, width, channels]`. */
  readonly pixels: Uint8Array;
  /** Number of images. */
  readonly rows: number;
}

/** Height, width and channels of every image. */
export type ImageShape = readonly [
  height: number,
  width: number,
  channels: number,
];
