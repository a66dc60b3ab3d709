/** Sweeps that are interrupted, stopped or short of disk. */
import "../robust/disk_test.ts";
import "../robust/interrupt_test.ts";
