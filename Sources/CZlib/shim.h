#pragma once

#include <zlib.h>

// A macro that Swift does not import: it passes the version of the header and the size of the structure on.
static inline int aurl_inflate_init(z_stream *stream, int window_bits) { return inflateInit2(stream, window_bits); }
