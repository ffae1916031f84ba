#ifndef KERNEL
// Rotary positions (Su 2021) of heads of two halves.
#include "Kernels.h"

void aurl_rotate_scalar(float *x, const float *cosines, const float *sines, long heads, long headWidth) {
  const long half = headWidth / 2;
  for (long h = 0; h < heads; h++, x += headWidth) {
    for (long i = 0; i < half; i++) {
      float first = x[i], second = x[half + i];
      x[i] = first * cosines[i] - second * sines[i];
      x[half + i] = second * cosines[i] + first * sines[i];
    }
  }
}

#define KERNEL "Rotary.c"
#include "Variants.h"
#else

TARGET void NAME(aurl_rotate)(float *x, const float *cosines, const float *sines, long heads, long headWidth) {
  const long half = headWidth / 2;
  for (long h = 0; h < heads; h++, x += headWidth) {
    for (long i = 0; i < half; i += LANES) {
      const long here = half - i < LANES ? half - i : LANES;
      const bool whole = here == LANES;
      float *a = x + i, *b = x + half + i;
      Floats first = whole ? load(a) : loadPart(a, here, 0), second = whole ? load(b) : loadPart(b, here, 0);
      Floats c = whole ? load(cosines + i) : loadPart(cosines + i, here, 0);
      Floats s = whole ? load(sines + i) : loadPart(sines + i, here, 0);
      storePart(a, first * c - second * s, here);
      storePart(b, second * c + first * s, here);
    }
  }
}
#endif
