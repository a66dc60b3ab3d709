/** The other commands. */
import "../cli/analyse_test.ts";
import "../cli/commands_test.ts";
import "../cli/compare_test.ts";
import "../cli/completions_test.ts";
import "../cli/duplicates_test.ts";
import "../cli/examples_test.ts";
import "../cli/export_test.ts";
import "../cli/flags_test.ts";
import "../cli/gaussian_test.ts";
import "../cli/loading_test.ts";
import "../cli/main_test.ts";
import "../cli/merge_test.ts";
import "../cli/read_study_test.ts";
import "../cli/report_test.ts";
import "../cli/sweep_table_test.ts";
