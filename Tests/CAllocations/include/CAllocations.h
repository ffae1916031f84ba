#pragma once

/// How often this thread has asked for memory. Test programs count it; see CAllocations.c.
long aurl_allocations(void);
