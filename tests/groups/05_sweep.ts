/** Sweeps. */
import "../sweep/few_classes_test.ts";
import "../sweep/plan_shard_test.ts";
import "../sweep/sweep_test.ts";
import "../sweep/webgpu_test.ts";
