/** Sweeps that are killed or whose workers die. */
import "../robust/kill_test.ts";
import "../sweep/crash_test.ts";
import "../sweep/run_sweep_test.ts";
