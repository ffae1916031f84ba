#pragma once

#include <float.h>
#include <math.h>
#include <string.h>

#include "CKernels.h"

// Declares the variants of all kernels for an instruction set, one kernel per line.
#define AURL_DECLARE(set) \
  void aurl_linear_##set( \
    const AurlMatrix *, const float *, long, float *, long, long, bool, void *); \
  void aurl_append_##set(const AurlCache *, int64_t, const float *, const float *); \
  void aurl_attention_##set( \
    const AurlCache *, const float *, long, float *, long, long, AurlSpan, void *); \
  void aurl_rmsNorm_##set(const float *, const float *, float *, long, long); \
  void aurl_rotate_##set(float *, const float *, const float *, long, long); \
  void aurl_gelu_##set(float *, long); \
  void aurl_add_##set(float *, const float *, long); \
  void aurl_dequantize_##set(AurlElement, const void *, float, float *, long); \
  float aurl_logSumExp_##set(const float *, long)

AURL_DECLARE(scalar);
AURL_DECLARE(neon);
AURL_DECLARE(avx2);
AURL_DECLARE(avx512);
void aurl_linear_avx512vnni(const AurlMatrix *, const float *, long, float *, long, long, bool, void *);

/// Queries or heads of one tile of attention, at most.
enum { AurlAttentionRows = 8 };

/// The number of a half-precision bit pattern: exponent and fraction move to their places in single precision, and a
/// multiplication makes up for the difference of the biases, for subnormal numbers too.
static inline float aurl_half(uint16_t bits) {
  uint32_t magnitude = (uint32_t)(bits & 0x7FFF) << 13;
  float number;
  memcpy(&number, &magnitude, 4);
  number *= 0x1p112f;
  return magnitude >= 0x0F800000 ? (bits & 0x8000 ? -INFINITY : INFINITY) : (bits & 0x8000 ? -number : number);
}

/// A value of a matrix or a cache whose element type is not int8.
static inline float aurl_number(AurlElement element, const void *numbers, long index) {
  return element == AurlFloat32 ? ((const float *)numbers)[index] : aurl_half(((const uint16_t *)numbers)[index]);
}

/// Where the first feature of a head's key for a position is among the numbers of a cache; the next is 16 numbers on.
static inline long aurl_key_index(const AurlCache *cache, long head, int64_t position) {
  const long block = (long)(position / AurlKeyBlock % cache->blocks);
  return ((head * cache->blocks + block) * cache->headWidth) * AurlKeyBlock + (long)(position % AurlKeyBlock);
}

/// The index of the first feature of a head's value for a position; further features follow it.
static inline long aurl_value_index(const AurlCache *cache, long head, int64_t position) {
  const long slots = (long)cache->blocks * AurlKeyBlock;
  return (head * slots + (long)(position % slots)) * cache->valueStride;
}

/// The largest number that an activation is rounded to, so that no sum of `columns` products with int8, −128 included,
/// overflows 32 bits.
static inline float aurl_activation_limit(long columns) {
  long limit = INT32_MAX / (128 * (columns < 1 ? 1 : columns));
  return (float)(limit > INT16_MAX ? INT16_MAX : limit);
}
