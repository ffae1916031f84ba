#pragma once

/// The number of allocations by this thread so far; see CAllocations.c.
long aurl_allocations(void);
