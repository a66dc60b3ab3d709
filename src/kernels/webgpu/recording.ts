import type { TensorInfo } from "@tensorflow/tfjs";
import type { Recording } from "../common/recorder.ts";
import { bufferOf, type Device, pipelineOf } from "./device.ts";
import {
  type FusedProgram,
  type FusedSection,
  fusePrograms,
} from "./fuse_programs.ts";
import { type Lifetime, packBuffers } from "./pack_buffers.ts";
import { type Program, uniformBytes } from "./program.ts";
import {
  encodeCopy,
  keepOnDevice,
  type Recorded,
  type RecordedProgram,
  type Storage,
} from "./recorder.ts";
import { openUniformPool } from "./uniform_pool.ts";

/** A dispatch that is ready to be encoded. */
interface Dispatch {
  readonly pipeline: GPUComputePipeline;
  readonly bindGroup: GPUBindGroup;
  readonly workgroups: Program["workgroups"];
}

/** Dispatches that run in order, `times` times. */
interface Loop {
  readonly stage: number;
  readonly times: number;
  readonly dispatches: readonly Dispatch[];
}

/** Part of a buffer that holds a value. */
type Part = Required<GPUBufferBinding>;

/**
 * Gives a recording its memory, uniforms, pipelines and bind groups, all made
 * once: what is left of each run is one pass over the dispatches, submitted at
 * once together with what TensorFlow.js has not submitted yet.
 */
export function finishRecording(recorded: Recorded): Recording {
  const { device, live, storageOf } = recorded;
  const sections = fusePrograms(recorded);
  const { parts, buffers } = allocate(recorded, sections);
  const partOf = (tensor: TensorInfo): Part => {
    const storage = storageOf(tensor);
    if (storage.kind === "block") return parts.get(storage)!;
    const buffer = bufferOf(device, storage.tensor.dataId);
    return { buffer, offset: 0, size: buffer.size };
  };
  const { limits } = device.device;
  const pool = openUniformPool(limits.minUniformBufferOffsetAlignment);
  const places = new Map<FusedProgram, number>();
  // Live ones first, so that one write replaces them all.
  const all = sections.flatMap(({ programs }) => programs);
  for (const wanted of [true, false]) {
    for (const entry of all.filter(({ isLive }) => isLive === wanted)) {
      places.set(entry, pool.add(uniformBytes(entry.program), wanted));
    }
  }
  const uniforms = pool.allocate(device.device);
  buffers.push(uniforms);
  const loops = sections.map(({ stage, times, programs }): Loop => ({
    stage,
    times,
    dispatches: programs.map((entry) => {
      const { program } = entry;
      for (const [tensor] of Object.values(program.outputs)) {
        const storage = storageOf(tensor);
        if (storage.kind === "tensor") keepOnDevice(device, storage.tensor);
      }
      return makeDispatch(device, program, partOf, {
        buffer: uniforms,
        offset: places.get(entry)!,
        size: uniformBytes(program).byteLength,
      });
    }),
  })).filter(({ dispatches }) => dispatches.length > 0);
  const attributes = new Map<string, string>();
  /** Programs whose uniforms were replaced. */
  const current = new Map<RecordedProgram, Program>();

  return {
    bytes: buffers.reduce((sum, { size }) => sum + size, 0),
    run({ stage: wanted, copies = [] } = {}) {
      pool.upload();
      device.ensureCommandEncoderReady();
      const encoder = device.commandEncoder!;
      const pass = device.computePassEncoder ?? encoder.beginComputePass();
      device.computePassEncoder = pass;
      let bound: GPUComputePipeline | undefined;
      for (const { stage, times, dispatches } of loops) {
        if (wanted !== undefined && wanted !== stage) continue;
        for (let i = 0; i < times; i++) {
          for (const { pipeline, bindGroup, workgroups } of dispatches) {
            if (pipeline !== bound) pass.setPipeline(pipeline);
            bound = pipeline;
            pass.setBindGroup(0, bindGroup);
            pass.dispatchWorkgroups(
              workgroups[0],
              workgroups[1],
              workgroups[2],
            );
          }
        }
      }
      device.endComputePassEncoder();
      for (const copy of copies) encodeCopy(device, copy);
      device.submitQueue();
    },
    update(group, attrs) {
      const key = JSON.stringify(attrs);
      if (attributes.get(group) === key) return;
      attributes.set(group, key);
      for (const { programs, remake } of live.get(group) ?? []) {
        remake(attrs).forEach(({ program }, i) =>
          current.set(programs[i]!, program)
        );
      }
      for (const entry of all.filter(({ isLive }) => isLive)) {
        const parts = entry.parts.map((part) =>
          current.get(part) ?? part.program
        );
        pool.replace(places.get(entry)!, uniformBytes(entry.remake(parts)));
      }
    },
    dispose() {
      for (const buffer of buffers) buffer.destroy();
    },
  };
}

/** Buffers for all blocks, shared by those that are not in use together. */
function allocate(
  { device, storageOf }: Recorded,
  sections: readonly FusedSection[],
) {
  const lifetimes = new Map<Storage, { first: number; last: number }>();
  let position = 0;
  for (const { programs } of sections) {
    const start = position;
    for (const { program } of programs) {
      const bindings = [program.inputs, program.outputs].flatMap(Object.values);
      for (const [tensor] of bindings) {
        const storage = storageOf(tensor);
        if (storage.kind === "tensor") continue;
        const lifetime = lifetimes.get(storage);
        if (lifetime !== undefined) lifetime.last = position;
        else lifetimes.set(storage, { first: position, last: position });
      }
      position++;
    }
    for (const lifetime of lifetimes.values()) {
      // The next pass reads it again.
      const isRead = lifetime.first < start && lifetime.last >= start;
      if (isRead) lifetime.last = position - 1;
    }
  }
  const blocks = [...lifetimes.keys()] as (Storage & { kind: "block" })[];
  const packed = packBuffers(
    blocks.map((block): Lifetime => ({
      ...lifetimes.get(block)!,
      bytes: block.bytes,
    })),
  );
  const buffers = packed.sizes.map((size) =>
    device.device.createBuffer({
      size,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC |
        GPUBufferUsage.COPY_DST,
    })
  );
  const parts = new Map(blocks.map((block, i): [Storage, Part] => [
    block,
    { buffer: buffers[packed.buffers[i]!]!, offset: 0, size: block.bytes },
  ]));
  return { parts, buffers };
}

/**
 * Binds a program. An input in the memory of an output is not bound: the shader
 * then reads the output.
 *
 * @throws {RangeError} If the program cannot work in place.
 */
function makeDispatch(
  device: Device,
  program: Program,
  partOf: (tensor: TensorInfo) => Part,
  uniforms: Part,
): Dispatch {
  const { key, inputs, outputs, workgroups } = program;
  const written = new Map<GPUBuffer, string>();
  const resources: Part[] = [];
  for (const [name, [tensor]] of Object.entries(outputs)) {
    const part = partOf(tensor);
    written.set(part.buffer, name);
    resources.push(part);
  }
  const aliases: Record<string, string> = {};
  for (const [name, [tensor]] of Object.entries(inputs)) {
    const part = partOf(tensor);
    const output = written.get(part.buffer);
    if (output === undefined) {
      resources.push(part);
    } else if (
      program.inPlace && partOf(outputs[output]![0]).size === part.size
    ) {
      aliases[name] = output;
    } else {
      throw new RangeError(
        `A result of ${key} cannot overwrite its input "${name}"`,
      );
    }
  }
  if (written.size < Object.keys(outputs).length) {
    throw new RangeError(`Two results of ${key} have the same memory`);
  }
  const { pipeline, layout } = pipelineOf(device, program, aliases);
  const bindGroup = device.device.createBindGroup({
    layout,
    entries: [...resources, uniforms]
      .map((resource, binding) => ({ binding, resource })),
  });
  return { pipeline, bindGroup, workgroups };
}
