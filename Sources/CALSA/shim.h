#pragma once

#include <alsa/asoundlib.h>
// Not in the module map of Glibc.
#include <sys/eventfd.h>

// ALSA reports failures on standard error by itself. The handler that replaces its own is variadic, and Swift
// imports no variadic function types.

static inline void calsa_ignore(const char *file, int line, const char *function, int code, const char *format, ...) {
  (void)file, (void)line, (void)function, (void)code, (void)format;
}

/// Keeps the library from writing to standard error.
static inline void calsa_silence(void) { snd_lib_error_set_handler(calsa_ignore); }
