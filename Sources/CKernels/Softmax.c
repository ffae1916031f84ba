#ifndef KERNEL
// Softmax and the logarithm of the sum of exponentials, shifted by the largest number so that nothing overflows.
#include "Kernels.h"

static float largest_scalar(const float *x, long count) {
  float most = -INFINITY;
  for (long i = 0; i < count; i++) most = fmaxf(most, x[i]);
  return most;
}

void aurl_softmax_scalar(const float *x, float scale, float *y, long count) {
  const float most = largest_scalar(x, count);
  float total = 0;
  for (long i = 0; i < count; i++) total += y[i] = expf((x[i] - most) * scale);
  for (long i = 0; i < count; i++) y[i] /= total;
}

float aurl_logSumExp_scalar(const float *x, long count) {
  const float most = largest_scalar(x, count);
  float total = 0;
  for (long i = 0; i < count; i++) total += expf(x[i] - most);
  return most + logf(total);
}

#define KERNEL "Softmax.c"
#include "Variants.h"
#else

TARGET static float NAME(largest)(const float *x, long count) {
  Floats most = -INFINITY;
  for (long i = 0; i < count; i += LANES) {
    Floats v = count - i < LANES ? loadPart(x + i, count - i, -INFINITY) : load(x + i);
    most = __builtin_elementwise_max(most, v);
  }
  return maximumOf(most);
}

TARGET void NAME(aurl_softmax)(const float *x, float scale, float *y, long count) {
  const Floats most = NAME(largest)(x, count);
  Floats total = 0;
  for (long i = 0; i < count; i += LANES) {
    const long here = count - i < LANES ? count - i : LANES;
    Floats v = here < LANES ? loadPart(x + i, here, -INFINITY) : load(x + i);
    v = exponential((v - most) * scale);
    total += v;
    storePart(y + i, v, here);
  }
  const float factor = 1 / sumOf(total);
  for (long i = 0; i < count; i++) y[i] *= factor;
}

TARGET float NAME(aurl_logSumExp)(const float *x, long count) {
  const float largest = NAME(largest)(x, count);
  const Floats most = largest;
  Floats total = 0;
  for (long i = 0; i < count; i += LANES) {
    total += exponential((count - i < LANES ? loadPart(x + i, count - i, -INFINITY) : load(x + i)) - most);
  }
  return largest + logf(sumOf(total));
}
#endif
