#pragma once

#include <stdbool.h>
#include <sys/types.h>

/// Opens a pseudo-terminal and writes the path of the end that a program opens to `path`, of 64 bytes.
///
/// Returns a non-blocking descriptor, or -1 if the system has no pseudo-terminals.
int aurl_open_terminal(unsigned short rows, unsigned short columns, char *path);

/// The flag of `posix_spawnattr_setflags` that starts the program in a new session.
short aurl_spawn_session(void);

/// Stops one thread of a child process while its other threads continue; returns false if that is not possible. The
/// same calling thread must continue it.
bool aurl_stop_thread(pid_t thread);

/// Continues a stopped thread.
bool aurl_continue_thread(pid_t thread);
