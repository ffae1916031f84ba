#ifndef KERNEL
// Writes the keys and values of a position to the cache.
#include "Kernels.h"

/// The bits of the nearest number in half precision, of two the even one.
static uint16_t halfBits(float number) {
  uint32_t bits;
  memcpy(&bits, &number, 4);
  const uint16_t sign = (uint16_t)(bits >> 16 & 0x8000);
  bits &= 0x7FFFFFFF;
  if (bits > 0x7F800000) return sign | 0x7E00;
  if (bits >= 0x477FF000) return sign | 0x7C00;
  if (bits < 0x38800000) {
    // Subnormal: numbers from ½ on have the same spacing as these, so that an addition rounds to one of them.
    float magnitude;
    memcpy(&magnitude, &bits, 4);
    magnitude += 0.5f;
    memcpy(&bits, &magnitude, 4);
    return sign | (uint16_t)(bits - 0x3F000000);
  }
  return sign | (uint16_t)((bits - 0x38000000 + 0xFFF + (bits >> 13 & 1)) >> 13);
}

static void put_scalar(AurlElement element, void *numbers, long index, float number) {
  if (element == AurlFloat32) ((float *)numbers)[index] = number;
  else ((uint16_t *)numbers)[index] = halfBits(number);
}

void aurl_append_scalar(const AurlCache *cache, int64_t position, const float *key, const float *value) {
  const long width = cache->headWidth;
  for (long h = 0; h < cache->heads; h++) {
    const long k = aurl_key_index(cache, h, position), v = aurl_value_index(cache, h, position);
    for (long f = 0; f < width; f++) {
      put_scalar(cache->element, cache->keys, k + f * AurlKeyBlock, key[h * width + f]);
      put_scalar(cache->element, cache->values, v + f, value[h * width + f]);
    }
  }
}

#define KERNEL "Cache.c"
#include "Variants.h"
#else

#define put NAME(put)

/// The first `count` lanes, `step` numbers apart.
INLINE void put(AurlElement element, void *numbers, long index, long step, Floats v, long count) {
  if (element == AurlFloat32) {
    for (long i = 0; i < count; i++) ((float *)numbers)[index + i * step] = v[i];
  } else {
    const Halves halves = __builtin_convertvector(v, Halves);
    for (long i = 0; i < count; i++) ((_Float16 *)numbers)[index + i * step] = halves[i];
  }
}

INLINE void NAME(append)(
  AurlElement element, const AurlCache *cache, int64_t position, const float *key, const float *value
) {
  const long width = cache->headWidth;
  for (long h = 0; h < cache->heads; h++) {
    const long k = aurl_key_index(cache, h, position), v = aurl_value_index(cache, h, position);
    for (long f = 0; f < width; f += LANES) {
      const long here = width - f < LANES ? width - f : LANES;
      put(element, cache->keys, k + f * AurlKeyBlock, AurlKeyBlock, loadPart(key + h * width + f, here, 0), here);
      put(element, cache->values, v + f, 1, loadPart(value + h * width + f, here, 0), here);
    }
  }
}

TARGET void NAME(aurl_append)(const AurlCache *cache, int64_t position, const float *key, const float *value) {
  if (cache->element == AurlFloat32) NAME(append)(AurlFloat32, cache, position, key, value);
  else NAME(append)(AurlFloat16, cache, position, key, value);
}

#undef put
#endif
