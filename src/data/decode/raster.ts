/** Decoded pixels, interleaved, with 1 (grey), 3 (RGB) or 4 (RGBA) channels. */
export interface Raster {
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** 1 is grey, 3 RGB, 4 RGBA with straight alpha. */
  readonly channels: 1 | 3 | 4;
  /** Pixels, shape `[height, width, channels]`. */
  readonly pixels: Uint8Array;
  /** EXIF orientation, 1 to 8, where the decoder reports it. */
  readonly orientation?: number;
}
