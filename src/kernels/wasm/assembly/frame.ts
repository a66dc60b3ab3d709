// Frames of zeros around images, which spare every test at the borders.

/** Copies an image into a frame at (top, left), pixels `stepY`, `stepX` apart. */
export function frameImage(
  image: usize,
  height: i32,
  width: i32,
  channels: i32,
  frame: usize,
  frameHeight: i32,
  frameWidth: i32,
  top: i32,
  left: i32,
  stepY: i32,
  stepX: i32,
): void {
  const pixel = <usize>channels << 2;
  for (let y = 0; y < height; y++) {
    const toY = top + y * stepY;
    if (toY < 0 || toY >= frameHeight) continue;
    const row = image + <usize>(y * width) * pixel;
    const frameRow = frame + <usize>(toY * frameWidth) * pixel;
    if (stepX == 1) {
      const begin = max(0, -left);
      const end = min(width, frameWidth - left);
      if (end > begin) {
        memory.copy(
          frameRow + <usize>(left + begin) * pixel,
          row + <usize>begin * pixel,
          <usize>(end - begin) * pixel,
        );
      }
    } else {
      for (let x = 0; x < width; x++) {
        const toX = left + x * stepX;
        if (toX < 0 || toX >= frameWidth) continue;
        memory.copy(frameRow + <usize>toX * pixel, row + <usize>x * pixel, pixel);
      }
    }
  }
}

/**
 * The same with four channels a pixel, frame after frame of them: channels
 * [0, 4), [4, 8) and so on. Channels that the image lacks stay as they are.
 */
export function frameQuads(
  image: usize,
  height: i32,
  width: i32,
  channels: i32,
  frame: usize,
  frameHeight: i32,
  frameWidth: i32,
  top: i32,
  left: i32,
): void {
  const quad = <usize>(frameHeight * frameWidth) << 4;
  const begin = max(0, -left);
  const end = min(width, frameWidth - left);
  for (let y = 0; y < height; y++) {
    const toY = top + y;
    if (toY < 0 || toY >= frameHeight) continue;
    let from = image + (<usize>((y * width + begin) * channels) << 2);
    let pixel = frame + (<usize>(toY * frameWidth + left + begin) << 4);
    for (let x = begin; x < end; x++) {
      let to = pixel;
      let c = 0;
      for (; c + 4 <= channels; c += 4) {
        v128.store(to, v128.load(from));
        from += 16;
        to += quad;
      }
      for (; c < channels; c++) {
        store<f32>(to, load<f32>(from));
        from += 4;
        to += 4;
      }
      pixel += 16;
    }
  }
}
