#ifndef KERNEL
// Elementwise operations: GELU in its tanh form (Hendrycks & Gimpel 2016), addition, and reading a row of a file.
#include "Kernels.h"

void aurl_gelu_scalar(float *x, long count) {
  for (long i = 0; i < count; i++) {
    x[i] = 0.5f * x[i] * (1 + tanhf(0.797884561f * (x[i] + 0.044715f * x[i] * x[i] * x[i])));
  }
}

void aurl_add_scalar(float *y, const float *x, long count) {
  for (long i = 0; i < count; i++) y[i] += x[i];
}

void aurl_dequantize_scalar(AurlElement element, const void *row, float scale, float *y, long count) {
  for (long i = 0; i < count; i++) {
    float number = 0;
    uint16_t half;
    switch (element) {
    case AurlFloat32: memcpy(&number, (const char *)row + 4 * i, 4); break;
    case AurlFloat16:
      memcpy(&half, (const char *)row + 2 * i, 2);
      number = aurl_half(half);
      break;
    case AurlInt8: number = ((const int8_t *)row)[i]; break;
    }
    y[i] = number * scale;
  }
}

#define KERNEL "Elementwise.c"
#include "Variants.h"
#else

/// x · sigmoid(2u), which equals ½ x (1 + tanh u).
INLINE Floats NAME(geluOf)(Floats x) {
  Floats u = x * fuse(x * x, (Floats)0.0356774081f, (Floats)0.797884561f);
  return x / (1 + exponential(-2 * u));
}

TARGET void NAME(aurl_gelu)(float *x, long count) {
  long i = 0;
  for (; i + LANES <= count; i += LANES) store(x + i, NAME(geluOf)(load(x + i)));
  if (i < count) storePart(x + i, NAME(geluOf)(loadPart(x + i, count - i, 0)), count - i);
}

TARGET void NAME(aurl_add)(float *y, const float *x, long count) {
  long i = 0;
  for (; i + LANES <= count; i += LANES) store(y + i, load(y + i) + load(x + i));
  for (; i < count; i++) y[i] += x[i];
}

TARGET void NAME(aurl_dequantize)(AurlElement element, const void *row, float scale, float *y, long count) {
  typedef int8_t Bytes __attribute__((ext_vector_type(LANES)));
  const long size = element == AurlFloat32 ? 4 : element == AurlFloat16 ? 2 : 1;
  for (long i = 0; i < count; i += LANES) {
    const long here = count - i < LANES ? count - i : LANES;
    char bytes[4 * LANES] = {0};
    memcpy(bytes, (const char *)row + i * size, (size_t)(here * size));
    Floats numbers;
    if (element == AurlFloat32) {
      memcpy(&numbers, bytes, sizeof numbers);
    } else if (element == AurlFloat16) {
      Halves halves;
      memcpy(&halves, bytes, sizeof halves);
      numbers = __builtin_convertvector(halves, Floats);
    } else {
      Bytes integers;
      memcpy(&integers, bytes, sizeof integers);
      numbers = __builtin_convertvector(integers, Floats);
    }
    storePart(y + i, numbers * scale, here);
  }
}
#endif
