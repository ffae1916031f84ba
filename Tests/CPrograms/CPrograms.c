// System calls for tests that run other programs, which Swift cannot import.
#define _GNU_SOURCE
#include "CPrograms.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

int aurl_open_terminal(unsigned short rows, unsigned short columns, char *path) {
  int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  struct winsize size = {.ws_row = rows, .ws_col = columns};
  if (terminal < 0 || grantpt(terminal) != 0 || unlockpt(terminal) != 0 || ptsname_r(terminal, path, 64) != 0 ||
      ioctl(terminal, TIOCSWINSZ, &size) != 0)
    return -1;
  return terminal;
}

short aurl_spawn_session(void) { return POSIX_SPAWN_SETSID; }

// Not SIGSTOP, which would stop all threads of the process.
bool aurl_stop_thread(pid_t thread) {
  if (ptrace(PTRACE_SEIZE, thread, 0, 0) != 0 || ptrace(PTRACE_INTERRUPT, thread, 0, 0) != 0) return false;
  int status;
  return waitpid(thread, &status, __WALL) == thread && WIFSTOPPED(status);
}

bool aurl_continue_thread(pid_t thread) { return ptrace(PTRACE_DETACH, thread, 0, 0) == 0; }
