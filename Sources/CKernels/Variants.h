// Includes the file KERNEL once for each instruction set of the target processor family, with these macros:
//   LANES    the number of values in a vector
//   WIDE     whether there are 32 vector registers
//   TARGET   the attribute of functions
//   NAME(x)  the name of the variant
//   DOT_PRODUCTS  whether there is an instruction for sums of products of 16-bit numbers: a separate variant if KERNEL
//            defines WITH_DOT_PRODUCTS
#if defined(__x86_64__)

#ifdef WITH_DOT_PRODUCTS
#define LANES 16
#define WIDE 1
#define DOT_PRODUCTS 1
#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx2,fma,f16c")))
#define NAME(x) x##_avx512vnni
#include "Lanes.h"
#include KERNEL
#undef LANES
#undef WIDE
#undef DOT_PRODUCTS
#undef TARGET
#undef NAME
#endif

#define LANES 16
#define WIDE 1
#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx2,fma,f16c")))
#define NAME(x) x##_avx512
#include "Lanes.h"
#include KERNEL
#undef LANES
#undef WIDE
#undef TARGET
#undef NAME

#define LANES 8
#define WIDE 0
#define TARGET __attribute__((target("avx2,fma,f16c")))
#define NAME(x) x##_avx2
#include "Lanes.h"
#include KERNEL
#undef LANES
#undef WIDE
#undef TARGET
#undef NAME

#elif defined(__aarch64__)

#define LANES 4
#define WIDE 1
#define TARGET
#define NAME(x) x##_neon
#include "Lanes.h"
#include KERNEL
#undef LANES
#undef WIDE
#undef TARGET
#undef NAME

#endif
