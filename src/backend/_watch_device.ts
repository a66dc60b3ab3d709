import { BackendError, messageOf } from "../core/errors.ts";

/** A device whose failures are kept rather than printed. */
export interface DeviceWatch {
  /** The failure that matters most, in one line; none: all was well so far. */
  fault(): string | undefined;
}

/**
 * Watches a device from here on. WebGPU reports failures out of band: the
 * tensors concerned are zeros, and Deno only prints why. A buffer that the
 * device could not bind is refused when it is asked for, with its size.
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
  // A lost device also calls its buffers invalid, which explains nothing.
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
    `Cannot hold a tensor on webgpu as its bytes must be at most ${most}, this device's ${name}: current value is ${size}; smaller batches make smaller tensors`,
  );
}
