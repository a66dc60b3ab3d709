/** Files from strangers. */
import "../cli/hostile_test.ts";
