import { type TensorInfo, util } from "@tensorflow/tfjs";
import { mergePrograms } from "./merge_programs.ts";
import type { Program } from "./program.ts";
import type { Recorded, RecordedProgram, Section } from "./recorder.ts";

/** A program that is made of one or more recorded ones. */
export interface FusedProgram extends RecordedProgram {
  /** The recorded ones, in order. */
  readonly parts: readonly RecordedProgram[];
  /** The same program with other uniforms of its parts. */
  remake(parts: readonly Program[]): Program;
}

/** A section of such programs. */
export interface FusedSection extends Omit<Section, "programs"> {
  readonly programs: readonly FusedProgram[];
}

/**
 * Joins programs of a recording: what treats each element of a result alike, such
 * as the gradient of relu, dropout or the update of a weight, is done where the
 * element is computed. That saves a dispatch and two passes over the memory of
 * the result, which is not even stored if nothing else reads it.
 *
 * A program moves up to the one whose result it treats, so that between the two
 * nothing may write what it reads, nor touch what it writes.
 */
export function fusePrograms(
  { device, sections, storageOf }: Recorded,
): FusedSection[] {
  const most = device.device.limits.maxStorageBuffersPerShaderStage;
  /** What stands for the memory of a tensor. */
  const memoryOf = ([tensor]: readonly [TensorInfo, ...unknown[]]): object => {
    const storage = storageOf(tensor);
    return storage.kind === "block" ? storage : storage.tensor.dataId;
  };
  const read = ({ inputs }: Program) => Object.values(inputs).map(memoryOf);
  const written = ({ outputs }: Program) =>
    Object.values(outputs).map(memoryOf);
  const readers = new Map<object, number>();
  for (const { program } of sections.flatMap(({ programs }) => programs)) {
    for (const memory of new Set(read(program))) {
      readers.set(memory, (readers.get(memory) ?? 0) + 1);
    }
  }

  /** Both as one program, if that computes the same. */
  function join(
    producer: FusedProgram,
    consumer: RecordedProgram,
    between: readonly FusedProgram[],
  ): FusedProgram | undefined {
    const [first, second] = [producer.program, consumer.program];
    const given = first.outputs[first.gives!]!;
    const memory = memoryOf(given);
    if (storageOf(given[0]).kind !== "block") return undefined;
    const results = Object.entries(second.inputs)
      .filter(([, binding]) => memoryOf(binding) === memory)
      .map(([name]) => name);
    const others = read(second).filter((other) => other !== memory);
    const outputs = written(second);
    const sizes = [given, ...Object.values(second.outputs)]
      .map(([{ shape }]) => util.sizeFromShape(shape));
    if (
      results.length === 0 || sizes.some((size) => size !== sizes[0]) ||
      meet(outputs, [...read(first), ...written(first)]) ||
      meet(others, written(first)) ||
      between.some(({ program }) =>
        meet(written(program), [...others, ...outputs]) ||
        meet(read(program), outputs)
      )
    ) return undefined;
    const options = { results, isRead: readers.get(memory)! > 1 };
    const program = mergePrograms(first, second, options);
    if (program === undefined) return undefined;
    const bound = new Set([...read(program), ...written(program)]);
    if (bound.size > most) return undefined;
    return {
      program,
      isLive: producer.isLive || consumer.isLive,
      parts: [...producer.parts, consumer],
      remake: (parts) =>
        mergePrograms(
          producer.remake(parts.slice(0, -1)),
          parts.at(-1)!,
          options,
        )!,
    };
  }

  return sections.map(({ programs, ...section }) => {
    const fused: FusedProgram[] = [];
    for (const entry of programs) {
      const inputs = read(entry.program);
      const at = fused.findLastIndex(({ program: { gives, outputs } }) =>
        gives !== undefined && inputs.includes(memoryOf(outputs[gives]!))
      );
      const joined = at < 0
        ? undefined
        : join(fused[at]!, entry, fused.slice(at + 1));
      if (joined !== undefined) fused[at] = joined;
      else fused.push({ ...entry, parts: [entry], remake: ([only]) => only! });
    }
    return { ...section, programs: fused };
  });
}

function meet(some: readonly object[], others: readonly object[]): boolean {
  return some.some((one) => others.includes(one));
}
