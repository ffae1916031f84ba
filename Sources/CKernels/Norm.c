#ifndef KERNEL
// RMSNorm (Zhang & Sennrich 2019).
#include "Kernels.h"

void aurl_rmsNorm_scalar(const float *x, const float *weight, float *y, long width, long count) {
  for (long t = 0; t < count; t++, x += width, y += width) {
    float sum = 0;
    for (long i = 0; i < width; i++) sum += x[i] * x[i];
    float factor = 1 / sqrtf(sum / (float)width + 1e-5f);
    for (long i = 0; i < width; i++) y[i] = x[i] * factor * weight[i];
  }
}

#define KERNEL "Norm.c"
#include "Variants.h"
#else

TARGET void NAME(aurl_rmsNorm)(const float *x, const float *weight, float *y, long width, long count) {
  for (long t = 0; t < count; t++, x += width, y += width) {
    Floats sum = 0;
    long i = 0;
    for (; i + LANES <= width; i += LANES) sum = fuse(load(x + i), load(x + i), sum);
    if (i < width) {
      Floats rest = loadPart(x + i, width - i, 0);
      sum = fuse(rest, rest, sum);
    }
    const Floats factor = 1 / sqrtf(sumOf(sum) / (float)width + 1e-5f);
    for (i = 0; i + LANES <= width; i += LANES) store(y + i, load(x + i) * factor * load(weight + i));
    if (i < width) {
      Floats rest = loadPart(x + i, width - i, 0) * factor * loadPart(weight + i, width - i, 0);
      storePart(y + i, rest, width - i);
    }
  }
}
#endif
