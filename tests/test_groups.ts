/**
 * Which tests run together, in one module graph, in the order in which they
 * start: the longest first, slow tests included, so that no core waits for a
 * long file at the end.
 * Entries are files or folders of `tests`; the longest entry that fits a file
 * decides, and the empty one takes what is left.
 */
export const testGroups: Readonly<Record<string, readonly string[]>> = {
  "01_interrupts": [
    "robust/disk_test.ts",
    "robust/interrupt_test.ts",
    "robust/kill_test.ts",
    "sweep/crash_test.ts",
    "sweep/run_sweep_test.ts",
  ],
  // Starts with the one above, as it waits long for npm.
  "01_packages": ["packages/"],
  "02_cells": ["cell/"],
  "03_hostile_files": ["cli/hostile_test.ts", "robust/large_files_test.ts"],
  "04_processes": [
    "cli/launch_test.ts",
    "cli/study_cost_test.ts",
    "cli/verify_test.ts",
    "robust/interrupt_commands_test.ts",
  ],
  "05_sweeps": ["sweep/", "verify/"],
  "06_training": ["attacks/", "backend/", "models/", "plan/", "train/"],
  "07_data": ["data/", "detection/", "duplication/", "robust/"],
  "08_command_line": ["cli/"],
  "09_kernels": ["kernels/"],
  "10_others": [""],
  // Alone: they need a registry of kernels that no other test has changed, or
  // lose the device of their process, or make it report an error.
  "11_kernel_registry": ["kernels/common/register_kernels_test.ts"],
  "12_webgpu_registry": ["kernels/webgpu/register_webgpu_kernels_test.ts"],
  "13_lost_device": ["backend/watch_device_test.ts"],
  "14_lost_device_of_cells": ["cell/lost_device_test.ts"],
  "15_lost_device_of_tensors": ["backend/run_on_backend_test.ts"],
  "16_failed_device": ["backend/open_backend_test.ts"],
};

const root = new URL("./", import.meta.url);

/** Paths of the test files below a folder of `tests`, in order. */
export function listTests(folder = ""): string[] {
  const entries = [...Deno.readDirSync(new URL(folder, root))]
    .sort((a, b) => a.name < b.name ? -1 : 1);
  return entries.flatMap(({ name, isDirectory }) =>
    isDirectory
      ? listTests(`${folder}${name}/`)
      : name.endsWith("_test.ts")
      ? [folder + name]
      : []
  );
}

/** The group that a test file belongs to. */
export function groupOf(path: string): string {
  let [found, length] = ["", -1];
  for (const [group, entries] of Object.entries(testGroups)) {
    for (const entry of entries) {
      if (path.startsWith(entry) && entry.length > length) {
        [found, length] = [group, entry.length];
      }
    }
  }
  return found;
}

/** Registers the tests of the group that a module of `tests/groups` is named for. */
export async function importGroup(module: string): Promise<void> {
  const group = /([^/]+)\.ts$/.exec(module)?.[1];
  for (const path of listTests()) {
    if (groupOf(path) === group) await import(new URL(path, root).href);
  }
}
