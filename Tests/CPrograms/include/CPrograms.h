#pragma once

#include <stdbool.h>
#include <sys/types.h>

/// Opens a terminal without a screen and writes the path that a program opens to `path`, of 64 bytes.
///
/// The returned descriptor does not block; -1 where there are no such terminals.
int aurl_open_terminal(unsigned short rows, unsigned short columns, char *path);

/// The flag of `posix_spawnattr_setflags` for a session of the program's own.
short aurl_spawn_session(void);

/// Stops a thread of a child process, while its other threads go on; false where that is not possible. The calling thread
/// must let it go on.
bool aurl_stop_thread(pid_t thread);

/// Lets a thread go on.
bool aurl_continue_thread(pid_t thread);
