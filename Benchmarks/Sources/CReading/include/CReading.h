#pragma once

#include <stddef.h>
#include <stdint.h>

/// Reads memory as fast as one core can, and returns the exclusive or of its words so that it has to. `count` words of
/// eight bytes are a multiple of 64.
uint64_t read_words(const uint64_t *_Nonnull words, size_t count);
