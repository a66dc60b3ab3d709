/** Commands that start processes. */
import "../cli/launch_test.ts";
import "../cli/study_cost_test.ts";
import "../cli/verify_test.ts";
