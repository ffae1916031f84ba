#ifndef KERNEL
// The logarithm of the sum of exponentials, shifted by the largest number so that nothing overflows.
#include "Kernels.h"

float aurl_logSumExp_scalar(const float *x, long count) {
  float most = -INFINITY, total = 0;
  for (long i = 0; i < count; i++) most = fmaxf(most, x[i]);
  for (long i = 0; i < count; i++) total += expf(x[i] - most);
  return most + logf(total);
}

#define KERNEL "LogSumExp.c"
#include "Variants.h"
#else

/// The next numbers, of which there are `left`, and −∞ behind the last.
INLINE Floats NAME(next)(const float *x, long left) { return left < LANES ? loadPart(x, left, -INFINITY) : load(x); }

TARGET float NAME(aurl_logSumExp)(const float *x, long count) {
  Floats most = -INFINITY;
  for (long i = 0; i < count; i += LANES) most = __builtin_elementwise_max(most, NAME(next)(x + i, count - i));
  const float largest = maximumOf(most);
  Floats total = 0;
  for (long i = 0; i < count; i += LANES) total += exponential(NAME(next)(x + i, count - i) - largest);
  return largest + logf(sumOf(total));
}
#endif
