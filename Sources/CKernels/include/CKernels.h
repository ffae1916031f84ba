#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// The arithmetic of the engine: one table of functions for each instruction set, all with the same results within
// rounding. Within a table, an output has the same bits whatever else is computed in the same call, so that processing
// one token at a time and many at once agree exactly.

/// How the numbers of a matrix are stored.
typedef enum { AurlFloat32, AurlFloat16, AurlInt8 } AurlElement;

/// Rows of a panel.
enum { AurlPanelRows = 64 };
/// Positions of a block of keys.
enum { AurlKeyBlock = 16 };

/// A matrix W [rows, columns] in panels of 64 rows, which are read in the order of memory. The layout of a panel is
/// [columns][64] or, for int8, whose columns are processed in pairs, [(columns + 1) / 2][64][2]. Missing rows and
/// columns are zero. Panels are aligned to 64 bytes.
typedef struct {
  AurlElement element;
  int32_t rows;
  int32_t columns;
  const void *panels;
  /// The scale of each row, for int8 only.
  const float *_Nullable scales;
} AurlMatrix;

/// The keys and values of one layer in a ring buffer: position p is in block p / 16 mod blocks.
typedef struct {
  /// AurlFloat32 or AurlFloat16.
  AurlElement element;
  /// [heads][blocks][headWidth][16]: the 16 positions of a block side by side.
  void *keys;
  /// [heads][16 · blocks][valueStride], the stride being the head width rounded up to 16.
  void *values;
  int32_t heads;
  int32_t headWidth;
  int32_t valueStride;
  int32_t blocks;
} AurlCache;

/// Which keys the queries of one call attend to: query i to the `window` positions up to `last + i · advance`, and to
/// none before position `first`.
typedef struct {
  int64_t first;
  int64_t last;
  int64_t advance;
  int64_t window;
} AurlSpan;

/// The kernels for one instruction set. Strides are in elements; arguments must not overlap unless stated otherwise.
typedef struct {
  const char *name;
  /// y[t] = W x[t], or y[t] += W x[t], for `count` rows of x. `scratch` is of `aurl_linear_scratch` bytes.
  void (*linear)(
    const AurlMatrix *w, const float *x, long xStride, float *y, long yStride, long count, bool accumulate,
    void *scratch);
  /// Writes the keys and values of a position, [heads · headWidth] both, to the cache.
  void (*append)(const AurlCache *cache, int64_t position, const float *key, const float *value);
  /// Scaled dot-product attention, head after head. `scratch` is of `aurl_attention_scratch` bytes.
  void (*attention)(
    const AurlCache *cache, const float *q, long qStride, float *y, long yStride, long count, AurlSpan span,
    void *scratch);
  /// y = x / sqrt(mean(x²) + 1e-5) · weight, for `count` rows of `width`.
  void (*rmsNorm)(const float *x, const float *weight, float *y, long width, long count);
  /// Rotates the two halves of each of `heads` heads by the angles whose cosines and sines are given, in place.
  void (*rotate)(float *x, const float *cosines, const float *sines, long heads, long headWidth);
  /// The tanh form of GELU, in place.
  void (*gelu)(float *x, long count);
  /// y += x.
  void (*add)(float *y, const float *x, long count);
  /// y = scale · row, from numbers as a file has them, at any alignment.
  void (*dequantize)(AurlElement element, const void *row, float scale, float *y, long count);
  /// log Σ exp(x).
  float (*logSumExp)(const float *x, long count);
} AurlKernels;

typedef enum { AurlScalar, AurlNEON, AurlAVX2, AurlAVX512, AurlAVX512VNNI } AurlInstructionSet;

/// The kernels for an instruction set, or NULL if this machine or build does not support it.
const AurlKernels *_Nullable aurl_kernels(AurlInstructionSet set);
/// Those for the widest instructions that this machine has.
const AurlKernels *aurl_best_kernels(void);

/// Bytes of the panels of a matrix.
size_t aurl_panel_bytes(AurlElement element, long rows, long columns);
/// Packs a row-major matrix at any alignment into panels.
void aurl_pack(AurlElement element, const void *source, long rows, long columns, void *panels);
/// Bytes that `linear` needs for `count` rows of x.
size_t aurl_linear_scratch(long columns, long count);
/// The size of the scratch memory that `attention` needs for a cache of `blocks` blocks, in bytes.
size_t aurl_attention_scratch(long blocks);
#pragma clang assume_nonnull end
