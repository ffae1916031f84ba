#include "CBeatWeights.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const uint8_t bytes[] = {
#embed "beats.i8"
};

const uint8_t *const aurl_beat_weights = bytes;
const size_t aurl_beat_weights_count = sizeof bytes;
