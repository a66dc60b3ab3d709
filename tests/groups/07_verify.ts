/** Verification. */
import "../verify/check_against_data_test.ts";
import "../verify/check_result_set_test.ts";
import "../verify/compare_within_test.ts";
import "../verify/counts_test.ts";
import "../verify/make_examples_test.ts";
import "../verify/sample_cells_test.ts";
import "../verify/verify_gaussian_test.ts";
import "../verify/verify_result_set_test.ts";
