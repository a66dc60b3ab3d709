/** The uniforms of many programs in one buffer of the device. */
export interface UniformPool {
  /**
   * A place for the uniforms of a program.
   *
   * @param isLive Whether they will change; otherwise equal ones share a place.
   */
  add(uniforms: ArrayBuffer, isLive: boolean): number;
  /** Replaces uniforms that are live, from the next `upload` on. */
  replace(place: number, uniforms: ArrayBuffer): void;
  /** Makes the buffer; nothing can be added any more. */
  allocate(device: GPUDevice): GPUBuffer;
  /** Writes what was replaced since the last call, at once. */
  upload(): void;
}

/** An empty pool. */
export function openUniformPool(alignment: number): UniformPool {
  const entries: { place: number; uniforms: ArrayBuffer }[] = [];
  const shared = new Map<string, number>();
  let size = 0;
  let device: GPUDevice;
  let buffer: GPUBuffer;
  let bytes: Uint8Array<ArrayBuffer>;
  let [dirtyFrom, dirtyTo] = [Infinity, 0];
  return {
    add(uniforms, isLive) {
      const key = new Uint32Array(uniforms).join();
      let place = isLive ? undefined : shared.get(key);
      if (place === undefined) {
        place = size;
        size += Math.ceil(uniforms.byteLength / alignment) * alignment;
        entries.push({ place, uniforms });
        if (!isLive) shared.set(key, place);
      }
      return place;
    },
    replace(place, uniforms) {
      bytes.set(new Uint8Array(uniforms), place);
      dirtyFrom = Math.min(dirtyFrom, place);
      dirtyTo = Math.max(dirtyTo, place + uniforms.byteLength);
    },
    allocate(on) {
      device = on;
      bytes = new Uint8Array(size);
      for (const { place, uniforms } of entries) {
        bytes.set(new Uint8Array(uniforms), place);
      }
      buffer = device.createBuffer({
        size: Math.max(size, alignment),
        usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
      });
      // Deno panics on an empty write.
      if (bytes.length > 0) device.queue.writeBuffer(buffer, 0, bytes);
      return buffer;
    },
    upload() {
      if (dirtyTo === 0) return;
      device.queue.writeBuffer(
        buffer,
        dirtyFrom,
        bytes,
        dirtyFrom,
        dirtyTo - dirtyFrom,
      );
      [dirtyFrom, dirtyTo] = [Infinity, 0];
    },
  };
}
