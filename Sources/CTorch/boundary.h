#pragma once

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <string>

#include "include/CTorch.h"

struct CTorchTensor {
  at::Tensor value;
};

struct CTorchGenerator {
  at::Generator value;
};

namespace ctorch {

void fail(const char *reason);

// The exception boundary: an exception thrown by `body` becomes a status and a message.
template <typename Body>
int attempt(Body body) noexcept {
  try {
    body();
    return 0;
  } catch (const c10::Error &error) {
    fail(error.what_without_backtrace());
  } catch (const std::exception &error) {
    fail(error.what());
  } catch (...) {
    fail("unknown C++ exception");
  }
  return -1;
}

// An operation with a tensor as result, recorded for gradients or not.
template <typename Body>
int make(bool recording, CTorchTensor **out, Body body) noexcept {
  return attempt([&] {
    at::AutoGradMode mode(recording);
    *out = new CTorchTensor{body()};
  });
}

inline at::IntArrayRef sizes(const int64_t *values, size_t count) { return {values, count}; }

at::ScalarType scalar_type(CTorchType type);
at::Device device(int number);

}  // namespace ctorch
