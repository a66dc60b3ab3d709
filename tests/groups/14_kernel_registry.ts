/**
 * How kernels are registered, alone: the other tests of kernels change what is.
 */
import "../kernels/common/register_kernels_test.ts";
