#include "CReading.h"

typedef uint64_t Words __attribute__((ext_vector_type(8)));

#if defined(__x86_64__)
__attribute__((target_clones("avx512f", "avx2", "default")))
#endif
uint64_t read_words(const uint64_t *words, size_t count) {
  Words sums[8] = {0};
  for (const Words *p = (const Words *)words, *end = p + count / 8; p < end; p += 8) {
    for (int i = 0; i < 8; i++) sums[i] ^= p[i];
  }
  for (int i = 1; i < 8; i++) sums[0] ^= sums[i];
  uint64_t result = 0;
  for (int i = 0; i < 8; i++) result ^= sums[0][i];
  return result;
}
