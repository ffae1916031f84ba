// From the rows of a file to the panels of `AurlMatrix`.
#include "Kernels.h"

/// Columns that are moved together: 16 lines of a panel stay in the first cache.
enum { Span = 16 };

size_t aurl_panel_bytes(AurlElement element, long rows, long columns) {
  size_t padded = (size_t)((rows + AurlPanelRows - 1) / AurlPanelRows * AurlPanelRows);
  switch (element) {
  case AurlFloat32: return padded * (size_t)columns * 4;
  case AurlFloat16: return padded * (size_t)columns * 2;
  case AurlInt8: return padded * (size_t)((columns + 1) / 2 * 2);
  }
}

#define PACK(type) \
  static void pack_##type(const char *source, long rows, long columns, type *panels) { \
    for (long start = 0; start < columns; start += Span) { \
      long here = columns - start < Span ? columns - start : Span; \
      for (long r = 0; r < AurlPanelRows; r++) { \
        type numbers[Span] = {0}; \
        if (r < rows) memcpy(numbers, source + (r * columns + start) * (long)sizeof(type), (size_t)here * sizeof(type)); \
        for (long k = 0; k < here; k++) panels[(start + k) * AurlPanelRows + r] = numbers[k]; \
      } \
    } \
  }

PACK(uint32_t)
PACK(uint16_t)

static void packPairs(const char *source, long rows, long columns, int8_t *panels) {
  for (long start = 0; start < columns; start += Span) {
    long here = columns - start < Span ? columns - start : Span;
    for (long r = 0; r < AurlPanelRows; r++) {
      int8_t numbers[Span] = {0};
      if (r < rows) memcpy(numbers, source + r * columns + start, (size_t)here);
      for (long k = 0; k < (here + 1) / 2; k++) {
        memcpy(panels + ((start / 2 + k) * AurlPanelRows + r) * 2, numbers + 2 * k, 2);
      }
    }
  }
}

void aurl_pack(AurlElement element, const void *source, long rows, long columns, void *panels) {
  const char *bytes = source;
  char *target = panels;
  for (long row = 0; row < rows; row += AurlPanelRows) {
    long here = rows - row < AurlPanelRows ? rows - row : AurlPanelRows;
    switch (element) {
    case AurlFloat32: pack_uint32_t(bytes, here, columns, (uint32_t *)target); break;
    case AurlFloat16: pack_uint16_t(bytes, here, columns, (uint16_t *)target); break;
    case AurlInt8: packPairs(bytes, here, columns, (int8_t *)target); break;
    }
    bytes += here * columns * (element == AurlFloat32 ? 4 : element == AurlFloat16 ? 2 : 1);
    target += aurl_panel_bytes(element, AurlPanelRows, columns);
  }
}
