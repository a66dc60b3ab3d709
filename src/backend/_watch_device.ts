import { BackendError, messageOf } from "../core/errors.ts";

/** A record of the failures of a device. */
export interface DeviceWatch {
  /** The most important failure, in one line; `undefined` if there was none. */
  fault(): string | undefined;
}

/**
 * Watches a device. WebGPU reports failures by events: the tensors concerned are
 * zeros, and Deno only prints why. A buffer that the device could not bind is
 * refused when it is created, with its size.
 */
export function watchDevice(device: GPUDevice): DeviceWatch {
  let fault: string | undefined;
  let loss: string | undefined;
  device.addEventListener("uncapturederror", (event) => {
    event.preventDefault();
    const { error } = event as GPUUncapturedErrorEvent;
    const what = messageOf(error.message);
    fault ??= error instanceof GPUOutOfMemoryError
      ? `out of GPU memory: ${what}`
      : what;
  });
  device.lost.then(({ reason, message }) =>
    loss = `device lost (${reason}): ${message || "no reason given"}`
  );
  const createBuffer = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    checkSize(descriptor, device.limits);
    return createBuffer(descriptor);
  };
  // A lost device also reports invalid buffers, which explains nothing.
  return { fault: () => loss ?? fault };
}

/** Refuses a buffer beyond the device's limits. */
function checkSize(
  { size, usage }: GPUBufferDescriptor,
  limits: GPUSupportedLimits,
): void {
  const isStorage = (usage & GPUBufferUsage.STORAGE) !== 0;
  const [name, most] = isStorage &&
      limits.maxStorageBufferBindingSize < limits.maxBufferSize
    ? ["maxStorageBufferBindingSize", limits.maxStorageBufferBindingSize]
    : ["maxBufferSize", limits.maxBufferSize];
  if (size <= most) return;
  throw new BackendError(
    `A tensor on this device must have at most ${most} bytes (${name}), got ${size}: choose a smaller batch`,
  );
}
