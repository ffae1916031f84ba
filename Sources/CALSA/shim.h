#pragma once

#include <alsa/asoundlib.h>
// Not in the module map of Glibc.
#include <sys/eventfd.h>

// By default ALSA prints failures to standard error. An error handler that prevents this is variadic, and Swift does
// not import variadic function types.

static inline void calsa_ignore(const char *file, int line, const char *function, int code, const char *format, ...) {
  (void)file, (void)line, (void)function, (void)code, (void)format;
}

/// Keeps the library from writing to standard error.
static inline void calsa_silence(void) { snd_lib_error_set_handler(calsa_ignore); }
