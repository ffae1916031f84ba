#pragma once

#include <stddef.h>
#include <stdint.h>

/// The weights of the beat network, as `Benchmarks/beats/export.py` writes them.
extern const uint8_t *_Nonnull const aurl_beat_weights;
extern const size_t aurl_beat_weights_count;
