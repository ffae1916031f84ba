// Vectors of LANES numbers, and functions on them that several kernels use. Included once for each instruction set.

#define INLINE static inline __attribute__((always_inline, unused)) TARGET
// The sums of a tile are kept in registers only if the loops over the tile are unrolled completely. A loop of one
// iteration is removed before that, about which the compiler warns for some targets.
#pragma clang diagnostic ignored "-Wpass-failed"
#define UNROLL _Pragma("clang loop unroll(full)")
#define Floats NAME(Floats)
#define Integers NAME(Integers)
#define Halves NAME(Halves)
#define load NAME(load)
#define loadPart NAME(loadPart)
#define loadNumbers NAME(loadNumbers)
#define store NAME(store)
#define storePart NAME(storePart)
#define fuse NAME(fuse)
#define exponential NAME(exponential)
#define sumOf NAME(sumOf)
#define maximumOf NAME(maximumOf)

typedef float Floats __attribute__((ext_vector_type(LANES)));
typedef int32_t Integers __attribute__((ext_vector_type(LANES)));
typedef _Float16 Halves __attribute__((ext_vector_type(LANES)));

INLINE Floats load(const float *p) {
  Floats v;
  memcpy(&v, p, sizeof v);
  return v;
}

/// The first `count` numbers, and `rest` in the other lanes.
INLINE Floats loadPart(const float *p, long count, float rest) {
  Floats v = rest;
  memcpy(&v, p, (size_t)count * sizeof(float));
  return v;
}

/// LANES values of a matrix or a cache whose element type is not int8.
INLINE Floats loadNumbers(AurlElement element, const void *numbers, long index) {
  if (element == AurlFloat32) return load((const float *)numbers + index);
  Halves halves;
  memcpy(&halves, (const uint16_t *)numbers + index, sizeof halves);
  return __builtin_convertvector(halves, Floats);
}

INLINE void store(float *p, Floats v) { memcpy(p, &v, sizeof v); }

INLINE void storePart(float *p, Floats v, long count) { memcpy(p, &v, (size_t)count * sizeof(float)); }

/// a · b + c, rounded once.
INLINE Floats fuse(Floats a, Floats b, Floats c) { return __builtin_elementwise_fma(a, b, c); }

/// exp(x) within 2 ulp, 0 below −87.3. The argument is reduced to |r| ≤ ln 2 / 2 with ln 2 in two parts (Cody & Waite
/// 1980); the polynomial is the Taylor series to the seventh degree, whose error in this range is 5e-9.
INLINE Floats exponential(Floats x) {
  Floats bounded = __builtin_elementwise_min(x, (Floats)88.3f);
  // Adding 1.5 · 2²³ rounds to an integer, which is then in the low bits.
  Floats shifted = fuse(bounded, (Floats)1.44269504f, (Floats)12582912.0f);
  Floats n = shifted - 12582912.0f;
  Floats r = fuse(n, (Floats)-0.693145752f, bounded);
  r = fuse(n, (Floats)-1.42860677e-6f, r);
  Floats p = fuse(r, (Floats)(1.0f / 5040), (Floats)(1.0f / 720));
  p = fuse(p, r, (Floats)(1.0f / 120));
  p = fuse(p, r, (Floats)(1.0f / 24));
  p = fuse(p, r, (Floats)(1.0f / 6));
  p = fuse(p, r, (Floats)0.5f);
  p = fuse(p, r, (Floats)1.0f);
  p = fuse(p, r, (Floats)1.0f);
  Integers exponent = (__builtin_bit_cast(Integers, shifted) - 0x4B400000) << 23;
  Floats scaled = __builtin_bit_cast(Floats, __builtin_bit_cast(Integers, p) + exponent);
  return x < (Floats)-87.3f ? (Floats)0.0f : scaled;
}

INLINE float sumOf(Floats v) {
  float lanes[LANES];
  store(lanes, v);
  for (long half = LANES / 2; half > 0; half /= 2) {
    for (long i = 0; i < half; i++) lanes[i] += lanes[i + half];
  }
  return lanes[0];
}

INLINE float maximumOf(Floats v) {
  float lanes[LANES];
  store(lanes, v);
  for (long half = LANES / 2; half > 0; half /= 2) {
    for (long i = 0; i < half; i++) lanes[i] = lanes[i] > lanes[i + half] ? lanes[i] : lanes[i + half];
  }
  return lanes[0];
}
