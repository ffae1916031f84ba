#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <dlfcn.h>

#include "boundary.h"
#if __has_include(<torch/headeronly/version.h>)
#include <torch/headeronly/version.h>
#else
#include <torch/csrc/api/include/torch/version.h>
#endif

namespace ctorch {

static thread_local std::string last_error;

void fail(const char *reason) {
  last_error = reason;
  const auto end = last_error.find('\n');
  if (end != std::string::npos) last_error.resize(end);
}

at::ScalarType scalar_type(CTorchType type) {
  switch (type) {
    case CTORCH_FLOAT32: return at::kFloat;
    case CTORCH_FLOAT64: return at::kDouble;
    case CTORCH_BFLOAT16: return at::kBFloat16;
    case CTORCH_INT64: return at::kLong;
    case CTORCH_BOOL: return at::kBool;
  }
  TORCH_CHECK(false, "unknown scalar type ", static_cast<int>(type));
}

at::Device device(int number) {
  return number < 0 ? at::Device(at::kCPU) : at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(number));
}

}  // namespace ctorch

using namespace ctorch;

const char *ctorch_last_error(void) { return last_error.c_str(); }

const char *ctorch_version(void) { return TORCH_VERSION; }

int ctorch_set_thread_count(int count) {
  return attempt([&] { at::set_num_threads(count); });
}

// On CPUs with AMX, this permission lets oneDNN compute in bfloat16. On other CPUs of this architecture it only makes
// libtorch use oneDNN instead of MKL; products stay in float32, and are twice as fast as MKL's on processors other than
// Intel's.
static void prefer_onednn() {
#if defined(__x86_64__) && (TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 9))
  if (__builtin_cpu_supports("amx-tile")) return;
  at::globalContext().setFloat32Precision(
      at::Float32Backend::MKLDNN, at::Float32Op::MATMUL, at::Float32Precision::BF16);
#endif
}

int ctorch_set_fast_products(bool fast) {
  return attempt([&] {
    at::globalContext().setFloat32MatmulPrecision(fast ? "medium" : "highest");
    prefer_onednn();
  });
}

int ctorch_cuda_device_count(int *count) {
  return attempt([&] {
    Dl_info place;
    TORCH_CHECK(dladdr(reinterpret_cast<void *>(&at::set_num_threads), &place), "libtorch_cpu.so has no path");
    std::string path = place.dli_fname;
    path.replace(path.rfind('/') + 1, std::string::npos, "libtorch_cuda.so");
    TORCH_CHECK(dlopen(path.c_str(), RTLD_NOW | RTLD_GLOBAL), dlerror());
    *count = static_cast<int>(at::detail::getCUDAHooks().deviceCount());
  });
}
