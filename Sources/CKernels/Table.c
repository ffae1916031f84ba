// Which kernels this machine can run.
#include "Kernels.h"

#define TABLE_WITH(set, linearSet) \
  static const AurlKernels table_##linearSet = { \
    #linearSet, aurl_linear_##linearSet, aurl_append_##set, aurl_attention_##set, aurl_rmsNorm_##set, aurl_rotate_##set, \
    aurl_gelu_##set, aurl_add_##set, aurl_dequantize_##set, aurl_logSumExp_##set}
#define TABLE(set) TABLE_WITH(set, set)

TABLE(scalar);

#if defined(__x86_64__)
TABLE(avx2);
TABLE(avx512);
TABLE_WITH(avx512, avx512vnni);

static const AurlKernels *_Nullable vectorKernels(AurlInstructionSet set) {
  __builtin_cpu_init();
  bool hasAVX2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
  if (set == AurlAVX2) return hasAVX2 ? &table_avx2 : NULL;
  bool hasAVX512 = hasAVX2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
    && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
  if (set == AurlAVX512) return hasAVX512 ? &table_avx512 : NULL;
  return set == AurlAVX512VNNI && hasAVX512 && __builtin_cpu_supports("avx512vnni") ? &table_avx512vnni : NULL;
}
#elif defined(__aarch64__)
TABLE(neon);

static const AurlKernels *_Nullable vectorKernels(AurlInstructionSet set) { return set == AurlNEON ? &table_neon : NULL; }
#else
static const AurlKernels *_Nullable vectorKernels(AurlInstructionSet set) { return NULL; }
#endif

const AurlKernels *_Nullable aurl_kernels(AurlInstructionSet set) {
  return set == AurlScalar ? &table_scalar : vectorKernels(set);
}

const AurlKernels *aurl_best_kernels(void) {
  for (AurlInstructionSet set = AurlAVX512VNNI; set > AurlScalar; set--) {
    const AurlKernels *kernels = aurl_kernels(set);
    if (kernels) return kernels;
  }
  return &table_scalar;
}
