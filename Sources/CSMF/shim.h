#pragma once

#include <smf.h>
#include <sys/syscall.h>
#include <unistd.h>

/// A file in memory, because libsmf writes only to files with names. Swift's Glibc leaves out memfd_create,
/// which glibc declares for _GNU_SOURCE only.
static inline int aurl_memory_file(void) { return (int)syscall(SYS_memfd_create, "score", 1u /* MFD_CLOEXEC */); }
