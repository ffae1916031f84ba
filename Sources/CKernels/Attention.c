#ifndef KERNEL
// Attention over a cache of keys and values (Vaswani 2017), whose positions may have wrapped around.
//
// A tile is a few rows: queries of one head, which share every load of keys and values, or, for a single query, several
// of its heads, so that independent sums are computed in parallel. Scores are kept for whole blocks of 16 keys; those
// of keys that a query must not see are −∞ and have weight 0 exactly. The result of a row does not depend on its tile.
#include "Kernels.h"

size_t aurl_attention_scratch(long blocks) {
  return (size_t)AurlAttentionRows * (size_t)(blocks + 1) * AurlKeyBlock * sizeof(float);
}

/// The first position that is visible to a query whose last visible position is `last`.
static inline int64_t firstSeen(AurlSpan span, int64_t last) {
  int64_t first = last - span.window + 1;
  return first > span.first ? first : span.first;
}

static void attendOne_scalar(
  const AurlCache *cache, long head, const float *q, float *y, int64_t first, int64_t last, float *scores
) {
  const long width = cache->headWidth;
  float most = -INFINITY, total = 0;
  for (int64_t p = first; p <= last; p++) {
    const long key = aurl_key_index(cache, head, p);
    float score = 0;
    for (long f = 0; f < width; f++) score += q[f] * aurl_number(cache->element, cache->keys, key + f * AurlKeyBlock);
    scores[p - first] = score / sqrtf((float)width);
    most = fmaxf(most, scores[p - first]);
  }
  memset(y, 0, (size_t)width * sizeof(float));
  for (int64_t p = first; p <= last; p++) {
    float weight = expf(scores[p - first] - most);
    total += weight;
    const long value = aurl_value_index(cache, head, p);
    for (long f = 0; f < width; f++) y[f] += weight * aurl_number(cache->element, cache->values, value + f);
  }
  for (long f = 0; f < width; f++) y[f] /= total;
}

void aurl_attention_scalar(
  const AurlCache *cache, const float *q, long qStride, float *y, long yStride, long count, AurlSpan span,
  void *scratch
) {
  for (long i = 0; i < count; i++) {
    int64_t last = span.last + i * span.advance;
    for (long h = 0; h < cache->heads; h++) {
      long offset = h * cache->headWidth;
      attendOne_scalar(
        cache, h, q + i * qStride + offset, y + i * yStride + offset, firstSeen(span, last), last, scratch);
    }
  }
}

#define KERNEL "Attention.c"
#include "Variants.h"
#else

#define scoreBlocks NAME(scoreBlocks)
#define weigh NAME(weigh)
#define sumValues NAME(sumValues)
#define tile NAME(tile)

/// The operands of a tile: rows that share a head, or neighboring heads of one query.
typedef struct {
  const AurlCache *cache;
  long head;
  const float *q[AurlAttentionRows];
  float *y[AurlAttentionRows];
  int64_t first[AurlAttentionRows];
  int64_t last[AurlAttentionRows];
  float *scores;
  long scoreStride;
} NAME(Tile);

/// scores = q · k / √width for all blocks from that of the first row's first key to that of the last row's last.
INLINE void scoreBlocks(
  AurlElement element, int rows, bool shared, const NAME(Tile) * t, int64_t firstBlock, int64_t lastBlock
) {
  const void *numbers = t->cache->keys;
  const long width = t->cache->headWidth;
  const Floats scale = 1 / sqrtf((float)width);
  for (int64_t block = firstBlock; block <= lastBlock; block++) {
    long keys[AurlAttentionRows];
    UNROLL for (int r = 0; r < (shared ? 1 : rows); r++) {
      keys[r] = aurl_key_index(t->cache, t->head + r, block * AurlKeyBlock);
    }
    for (long part = 0; part < AurlKeyBlock; part += LANES) {
      Floats sums[AurlAttentionRows];
      UNROLL for (int r = 0; r < rows; r++) sums[r] = 0;
      for (long f = 0; f < width; f++) {
        Floats k = loadNumbers(element, numbers, keys[0] + f * AurlKeyBlock + part);
        UNROLL for (int r = 0; r < rows; r++) {
          if (!shared && r > 0) k = loadNumbers(element, numbers, keys[r] + f * AurlKeyBlock + part);
          sums[r] = fuse(k, (Floats)t->q[r][f], sums[r]);
        }
      }
      float *scores = t->scores + (block - firstBlock) * AurlKeyBlock + part;
      UNROLL for (int r = 0; r < rows; r++) store(scores + r * t->scoreStride, sums[r] * scale);
    }
  }
}

/// Replaces the scores of a row by unnormalized softmax weights, and returns the sum by which to divide.
INLINE float weigh(float *scores, long count, long from, long through) {
  for (long i = 0; i < from; i++) scores[i] = -INFINITY;
  for (long i = through + 1; i < count; i++) scores[i] = -INFINITY;
  Floats most = load(scores);
  for (long i = LANES; i < count; i += LANES) most = __builtin_elementwise_max(most, load(scores + i));
  const Floats top = maximumOf(most);
  Floats total = 0;
  for (long i = 0; i < count; i += LANES) {
    Floats weight = exponential(load(scores + i) - top);
    store(scores + i, weight);
    total += weight;
  }
  return sumOf(total);
}

/// y = Σ weight · v / total, `width` vectors of features at a time.
INLINE void sumValues(
  AurlElement element, int rows, int width, bool shared, const NAME(Tile) * t, int64_t first, int64_t last,
  const float *totals, long f
) {
  const AurlCache *cache = t->cache;
  const int64_t base = first / AurlKeyBlock * AurlKeyBlock;
  Floats sums[AurlAttentionRows][2];
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int v = 0; v < width; v++) sums[r][v] = 0;
  }
  for (int64_t start = first; start <= last;) {
    // The positions of a block are contiguous.
    int64_t end = start / AurlKeyBlock * AurlKeyBlock + AurlKeyBlock - 1;
    if (end > last) end = last;
    long values[AurlAttentionRows];
    UNROLL for (int r = 0; r < (shared ? 1 : rows); r++) values[r] = aurl_value_index(cache, t->head + r, start) + f;
    for (long j = 0; j <= end - start; j++) {
      const float *weight = t->scores + (start - base) + j;
      Floats value[2];
      UNROLL for (int r = 0; r < rows; r++) {
        if (!shared || r == 0) {
          UNROLL for (int v = 0; v < width; v++) {
            value[v] = loadNumbers(element, cache->values, values[r] + j * cache->valueStride + v * LANES);
          }
        }
        UNROLL for (int v = 0; v < width; v++) {
          sums[r][v] = fuse(value[v], (Floats)weight[r * t->scoreStride], sums[r][v]);
        }
      }
    }
    start = end + 1;
  }
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int v = 0; v < width; v++) {
      long left = cache->headWidth - f - v * LANES;
      Floats result = sums[r][v] / totals[r];
      if (left >= LANES) store(t->y[r] + f + v * LANES, result);
      else if (left > 0) storePart(t->y[r] + f + v * LANES, result, left);
    }
  }
}

INLINE void tile(AurlElement element, int rows, bool shared, const NAME(Tile) * t) {
  const int64_t first = t->first[0], last = t->last[rows - 1];
  const int64_t firstBlock = first / AurlKeyBlock, lastBlock = last / AurlKeyBlock;
  const long count = (long)(lastBlock - firstBlock + 1) * AurlKeyBlock;
  scoreBlocks(element, rows, shared, t, firstBlock, lastBlock);
  float totals[AurlAttentionRows];
  UNROLL for (int r = 0; r < rows; r++) {
    int64_t base = firstBlock * AurlKeyBlock;
    totals[r] = weigh(
      t->scores + r * t->scoreStride, count, (long)(t->first[r] - base), (long)(t->last[r] - base));
  }
  long f = 0;
  if (WIDE) {
    for (; f + 2 * LANES <= t->cache->valueStride; f += 2 * LANES) {
      sumValues(element, rows, 2, shared, t, first, last, totals, f);
    }
  }
  for (; f < t->cache->valueStride; f += LANES) {
    sumValues(element, rows, 1, shared, t, first, last, totals, f);
  }
}

/// One query: its heads, four at a time.
INLINE void NAME(attendOne)(AurlElement element, NAME(Tile) * t, const float *q, float *y) {
  const long width = t->cache->headWidth, heads = t->cache->heads;
  for (long h = 0; h < heads; h += 4) {
    int rows = heads - h < 4 ? (int)(heads - h) : 4;
    t->head = h;
    UNROLL for (int r = 0; r < rows; r++) {
      t->q[r] = q + (h + r) * width;
      t->y[r] = y + (h + r) * width;
      t->first[r] = t->first[0];
      t->last[r] = t->last[0];
    }
    switch (rows) {
    case 4: tile(element, 4, false, t); break;
    case 3: tile(element, 3, false, t); break;
    case 2: tile(element, 2, false, t); break;
    default: tile(element, 1, false, t);
    }
  }
}

/// Up to eight queries of every head. If there are fewer, the last one is computed repeatedly, with the same result.
INLINE void NAME(attendMany)(
  AurlElement element, NAME(Tile) * t, const float *q, long qStride, float *y, long yStride, long count
) {
  for (long h = 0; h < t->cache->heads; h++) {
    t->head = h;
    for (int r = 0; r < AurlAttentionRows; r++) {
      long i = r < count ? r : count - 1;
      t->q[r] = q + i * qStride + h * t->cache->headWidth;
      t->y[r] = y + i * yStride + h * t->cache->headWidth;
    }
    tile(element, AurlAttentionRows, true, t);
  }
}

INLINE void NAME(attend)(
  AurlElement element, const AurlCache *cache, const float *q, long qStride, float *y, long yStride, long count,
  AurlSpan span, void *scratch
) {
  NAME(Tile) t = {.cache = cache, .scores = scratch, .scoreStride = (long)(cache->blocks + 1) * AurlKeyBlock};
  for (long i = 0; i < count; i += AurlAttentionRows) {
    long here = count - i < AurlAttentionRows ? count - i : AurlAttentionRows;
    for (int r = 0; r < AurlAttentionRows; r++) {
      t.last[r] = span.last + (i + (r < here ? r : here - 1)) * span.advance;
      t.first[r] = firstSeen(span, t.last[r]);
    }
    if (count == 1) {
      NAME(attendOne)(element, &t, q, y);
    } else {
      NAME(attendMany)(element, &t, q + i * qStride, qStride, y + i * yStride, yStride, here);
    }
  }
}

TARGET void NAME(aurl_attention)(
  const AurlCache *cache, const float *q, long qStride, float *y, long yStride, long count, AurlSpan span,
  void *scratch
) {
  if (cache->element == AurlFloat32) {
    NAME(attend)(AurlFloat32, cache, q, qStride, y, yStride, count, span, scratch);
  } else {
    NAME(attend)(AurlFloat16, cache, q, qStride, y, yStride, count, span, scratch);
  }
}

#undef scoreBlocks
#undef weigh
#undef sumValues
#undef tile
#endif
