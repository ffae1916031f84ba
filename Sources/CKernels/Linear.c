#ifndef KERNEL
// Matrix times vectors, from packed panels.
//
// A vector holds rows of W, and a tile is some vectors of rows by some rows of x: a column of W is loaded once for the
// whole tile, and each value of x is broadcast to a vector. Every output is the sum over the columns in order, whatever
// tile computes it. int8 weights are multiplied with activations of at most 16 bits, with a scale for each row of x:
// the sums are exact integers, and rounding the activations adds less than 1 % to the error of the weights.
#include "Kernels.h"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

size_t aurl_linear_scratch(long columns, long count) {
  // The arranged rows; of int8, half as much, and a tile before it is arranged.
  return (size_t)count * sizeof(float) * (size_t)(columns + 2) + 12 * sizeof(float) * (size_t)(columns + 1) + 128;
}

/// The place in a scratch buffer behind the scales of the rows of x.
static inline void *behindScales(void *scratch, long count) {
  return (void *)(((uintptr_t)scratch + (size_t)count * sizeof(float) + 63) & ~(uintptr_t)63);
}

static void quantizeRow_scalar(const float *x, long columns, int16_t *q, float *scale) {
  float largest = 0;
  for (long k = 0; k < columns; k++) largest = fmaxf(largest, fabsf(x[k]));
  float step = largest / aurl_activation_limit(columns);
  float inverse = largest > 0 ? 1 / step : 0;
  for (long k = 0; k < columns; k++) q[k] = (int16_t)rintf(x[k] * inverse);
  if (columns & 1) q[columns] = 0;
  *scale = step;
}

static float dot_scalar(const AurlMatrix *w, long row, const float *x, const int16_t *q) {
  const long panel = row / AurlPanelRows, r = row % AurlPanelRows;
  if (w->element == AurlInt8) {
    long pairs = (w->columns + 1) / 2;
    const int8_t *p = (const int8_t *)w->panels + panel * pairs * AurlPanelRows * 2 + r * 2;
    int32_t sum = 0;
    for (long k = 0; k < pairs; k++, p += 2 * AurlPanelRows) sum += p[0] * q[2 * k] + p[1] * q[2 * k + 1];
    return (float)sum * w->scales[row];
  }
  float sum = 0;
  long start = panel * w->columns * AurlPanelRows + r;
  for (long k = 0; k < w->columns; k++) {
    sum += aurl_number(w->element, w->panels, start + k * AurlPanelRows) * x[k];
  }
  return sum;
}

void aurl_linear_scalar(
  const AurlMatrix *w, const float *x, long xStride, float *y, long yStride, long count, bool accumulate,
  void *scratch
) {
  float scale = 1;
  int16_t *q = behindScales(scratch, count);
  for (long t = 0; t < count; t++) {
    if (w->element == AurlInt8) quantizeRow_scalar(x + t * xStride, w->columns, q, &scale);
    for (long row = 0; row < w->rows; row++) {
      float product = dot_scalar(w, row, x + t * xStride, q) * scale;
      float *place = y + t * yStride + row;
      *place = accumulate ? *place + product : product;
    }
  }
}

#define KERNEL "Linear.c"
#define WITH_DOT_PRODUCTS
#include "Variants.h"
#else

#define floatTile NAME(floatTile)
#define integerTile NAME(integerTile)
#define emit NAME(emit)
#define dotPairs NAME(dotPairs)
#define quantized NAME(quantized)
#define quantizeRow NAME(quantizeRow)
#define Shorts NAME(Shorts)
#define Job NAME(Job)

/// The rows of x in the largest tile of two vectors that fits into the registers.
enum { NAME(tall) = WIDE ? 12 : 6 };
/// The rows of x in a tile for the remaining rows.
enum { NAME(low) = 4 };
/// Vectors of a tile of one row of x: enough sums to hide the latency of an addition.
enum { NAME(broad) = LANES == 16 ? 4 : 8 };

/// The rows of x as tiles take them (`arrange`), and where the outputs go.
typedef struct {
  AurlElement element;
  /// Columns, or pairs of them.
  long steps;
  const void *panel;
  const float *scales;
  const void *x;
  const float *rowScales;
  float *y;
  long yStride;
  /// Rows of W in this panel.
  long valid;
  bool accumulate;
} Job;

/// Writes a vector of outputs, of which only the first `valid` exist.
INLINE void emit(float *y, Floats v, long valid, bool accumulate) {
  if (valid >= LANES) {
    store(y, accumulate ? load(y) + v : v);
  } else if (valid > 0) {
    storePart(y, accumulate ? loadPart(y, valid, 0) + v : v, valid);
  }
}

/// `height` rows of x from `t` by `width` vectors of rows of W from `offset`. The element and the counts are constants.
INLINE void floatTile(AurlElement element, int height, int width, const Job *job, long t, long offset) {
  Floats sums[12][8];
  UNROLL for (int i = 0; i < height; i++) {
    UNROLL for (int v = 0; v < width; v++) sums[i][v] = 0;
  }
  const float *x = (const float *)job->x + t * job->steps;
  for (long k = 0; k < job->steps; k++) {
    Floats w[8];
    UNROLL for (int v = 0; v < width; v++) {
      w[v] = loadNumbers(element, job->panel, k * AurlPanelRows + offset + v * LANES);
    }
    UNROLL for (int i = 0; i < height; i++) {
      Floats factor = x[k * height + i];
      UNROLL for (int v = 0; v < width; v++) sums[i][v] = fuse(w[v], factor, sums[i][v]);
    }
  }
  UNROLL for (int i = 0; i < height; i++) {
    float *y = job->y + (t + i) * job->yStride + offset;
    UNROLL for (int v = 0; v < width; v++) emit(y + v * LANES, sums[i][v], job->valid - offset - v * LANES, job->accumulate);
  }
}

/// sums += the products of LANES pairs of int8 with a pair of int16.
INLINE Integers dotPairs(Integers sums, const int8_t *w, int32_t pair) {
  typedef int8_t Bytes __attribute__((ext_vector_type(2 * LANES)));
  typedef int16_t Words __attribute__((ext_vector_type(2 * LANES)));
  Bytes bytes;
  memcpy(&bytes, w, sizeof bytes);
  Words words = __builtin_convertvector(bytes, Words);
#if LANES == 16 && DOT_PRODUCTS
  __m512i result = _mm512_dpwssd_epi32(__builtin_bit_cast(__m512i, sums), (__m512i)words, _mm512_set1_epi32(pair));
  return __builtin_bit_cast(Integers, result);
#elif LANES == 16
  __m512i products = _mm512_madd_epi16((__m512i)words, _mm512_set1_epi32(pair));
  return sums + __builtin_bit_cast(Integers, products);
#elif LANES == 8
  __m256i products = _mm256_madd_epi16((__m256i)words, _mm256_set1_epi32(pair));
  return sums + __builtin_bit_cast(Integers, products);
#else
  typedef int32_t Products __attribute__((ext_vector_type(2 * LANES)));
  Integers pairs = pair;
  Words factors = __builtin_bit_cast(Words, pairs);
  Products products = __builtin_convertvector(words, Products) * __builtin_convertvector(factors, Products);
  return sums + __builtin_shufflevector(products, products, 0, 2, 4, 6)
    + __builtin_shufflevector(products, products, 1, 3, 5, 7);
#endif
}

INLINE void integerTile(AurlElement element, int height, int width, const Job *job, long t, long offset) {
  Integers sums[12][8];
  UNROLL for (int i = 0; i < height; i++) {
    UNROLL for (int v = 0; v < width; v++) sums[i][v] = 0;
  }
  const int16_t *x = (const int16_t *)job->x + t * job->steps * 2;
  for (long k = 0; k < job->steps; k++) {
    const int8_t *w = (const int8_t *)job->panel + (k * AurlPanelRows + offset) * 2;
    UNROLL for (int i = 0; i < height; i++) {
      int32_t pair;
      memcpy(&pair, x + (k * height + i) * 2, sizeof pair);
      UNROLL for (int v = 0; v < width; v++) sums[i][v] = dotPairs(sums[i][v], w + v * LANES * 2, pair);
    }
  }
  UNROLL for (int i = 0; i < height; i++) {
    float *y = job->y + (t + i) * job->yStride + offset;
    UNROLL for (int v = 0; v < width; v++) {
      const long valid = job->valid - offset - v * LANES;
      if (valid <= 0) break;
      const float *scales = job->scales + offset + v * LANES;
      Floats scale = valid >= LANES ? load(scales) : loadPart(scales, valid, 0);
      emit(
        y + v * LANES, __builtin_convertvector(sums[i][v], Floats) * scale * job->rowScales[t + i], valid,
        job->accumulate);
    }
  }
}

/// All rows of x against one panel, in tiles of three heights.
#define PASSES(tile, element) \
  TARGET static void NAME(tile##Passes##element)(const Job *job, long count) { \
    long t = 0; \
    for (; t + NAME(tall) <= count; t += NAME(tall)) { \
      for (long r = 0; r < job->valid; r += 2 * LANES) tile(element, NAME(tall), 2, job, t, r); \
    } \
    for (; t + NAME(low) <= count; t += NAME(low)) { \
      for (long r = 0; r < job->valid; r += 2 * LANES) tile(element, NAME(low), 2, job, t, r); \
    } \
    for (; t < count; t++) { \
      for (long r = 0; r < job->valid; r += NAME(broad) * LANES) tile(element, 1, NAME(broad), job, t, r); \
    } \
  }

PASSES(floatTile, AurlFloat32)
PASSES(floatTile, AurlFloat16)
PASSES(integerTile, AurlInt8)

typedef int16_t Shorts __attribute__((ext_vector_type(LANES)));

/// The integers nearest to the products of numbers and a factor.
INLINE Shorts quantized(Floats x, Floats factor) {
  Floats scaled = x * factor;
  // Adding 1.5 · 2²³ rounds to an integer, as rint does.
  Floats rounded = (scaled + 12582912.0f) - 12582912.0f;
  return __builtin_convertvector(__builtin_convertvector(rounded, Integers), Shorts);
}

INLINE void quantizeRow(const float *x, long columns, int16_t *q, float *scale) {
  const long rest = columns % LANES, whole = columns - rest;
  Floats largest = 0;
  for (long k = 0; k <= whole; k += LANES) {
    Floats v = __builtin_elementwise_abs(k < whole ? load(x + k) : loadPart(x + k, rest, 0));
    largest = v > largest ? v : largest;
  }
  const float most = maximumOf(largest), step = most / aurl_activation_limit(columns);
  const Floats inverse = most > 0 ? 1 / step : 0;
  for (long k = 0; k < whole; k += LANES) {
    Shorts words = quantized(load(x + k), inverse);
    memcpy(q + k, &words, sizeof words);
  }
  Shorts last = quantized(loadPart(x + whole, rest, 0), inverse);
  memcpy(q + whole, &last, (size_t)rest * sizeof(int16_t));
  if (columns & 1) q[columns] = 0;
  *scale = step;
}

/// Lays a tile's rows of 32 bits side by side, [steps][height], so that a tile reads them in order.
INLINE void NAME(interleave)(const int32_t *rows, long stride, long steps, long height, int32_t *arranged) {
  for (long i = 0; i < height; i++) {
    for (long k = 0; k < steps; k++) memcpy(arranged + k * height + i, rows + i * stride + k, sizeof(int32_t));
  }
}

/// The height of the tile that begins at row t of `count`.
INLINE long NAME(heightAt)(long t, long count) {
  return count - t >= NAME(tall) ? NAME(tall) : count - t >= NAME(low) ? NAME(low) : 1;
}

TARGET static void NAME(arrange)(const float *x, long xStride, long columns, long count, float *arranged) {
  for (long t = 0; t < count;) {
    const long height = NAME(heightAt)(t, count);
    NAME(interleave)((const int32_t *)(x + t * xStride), xStride, columns, height, (int32_t *)arranged + t * columns);
    t += height;
  }
}

TARGET static void NAME(arrangeQuantized)(
  const float *x, long xStride, long columns, long count, int32_t *arranged, float *scales
) {
  const long pairs = (columns + 1) / 2;
  int32_t *rows = arranged + count * pairs;
  for (long t = 0; t < count;) {
    const long height = NAME(heightAt)(t, count);
    for (long i = 0; i < height; i++) {
      quantizeRow(x + (t + i) * xStride, columns, (int16_t *)(rows + i * pairs), scales + t + i);
    }
    NAME(interleave)(rows, pairs, pairs, height, arranged + t * pairs);
    t += height;
  }
}

TARGET void NAME(aurl_linear)(
  const AurlMatrix *w, const float *x, long xStride, float *y, long yStride, long count, bool accumulate,
  void *scratch
) {
  const bool isInteger = w->element == AurlInt8;
  float *scales = scratch;
  void *arranged = behindScales(scratch, count);
  if (isInteger) {
    NAME(arrangeQuantized)(x, xStride, w->columns, count, arranged, scales);
  } else if (count > 1) {
    NAME(arrange)(x, xStride, w->columns, count, arranged);
  }
  const size_t panelBytes = aurl_panel_bytes(w->element, AurlPanelRows, w->columns);
  Job job = {
    .element = w->element, .steps = isInteger ? (w->columns + 1) / 2 : w->columns, .rowScales = scales,
    .x = isInteger || count > 1 ? arranged : x, .yStride = yStride, .accumulate = accumulate};
  for (long row = 0; row < w->rows; row += AurlPanelRows) {
    job.panel = (const char *)w->panels + (size_t)(row / AurlPanelRows) * panelBytes;
    job.scales = isInteger ? w->scales + row : NULL;
    job.y = y + row;
    job.valid = w->rows - row < AurlPanelRows ? w->rows - row : AurlPanelRows;
    switch (w->element) {
    case AurlFloat32: NAME(floatTilePassesAurlFloat32)(&job, count); break;
    case AurlFloat16: NAME(floatTilePassesAurlFloat16)(&job, count); break;
    case AurlInt8: NAME(integerTilePassesAurlInt8)(&job, count); break;
    }
  }
}

#undef floatTile
#undef integerTile
#undef emit
#undef dotPairs
#undef quantized
#undef quantizeRow
#undef Shorts
#undef Job
#undef PASSES
#endif
