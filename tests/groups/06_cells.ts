/** Cells. */
import "../cell/attack_training_test.ts";
import "../cell/check_reliability_test.ts";
import "../cell/dedup_test.ts";
import "../cell/evaluate_cell_test.ts";
import "../cell/evaluate_every_test.ts";
import "../cell/export_cell_test.ts";
import "../cell/lost_device_test.ts";
import "../cell/run_cell_test.ts";
import "../cell/stand_in_test.ts";
import "../cell/strong_attacks_test.ts";
import "../cell/training_list_test.ts";
import "../cell/work_hours_test.ts";
import "../cell/worst_case_test.ts";
