#include <ATen/CPUGeneratorImpl.h>

#include <cstring>

#include "boundary.h"

using namespace ctorch;

void ctorch_release(CTorchTensor *tensor) { delete tensor; }

int ctorch_from_data(
    const void *data, CTorchType type, const int64_t *shape, size_t rank, int number, CTorchTensor **out) {
  return make(false, out, [&] {
    const auto options = at::TensorOptions().dtype(scalar_type(type));
    return at::from_blob(const_cast<void *>(data), sizes(shape, rank), options).clone().to(device(number));
  });
}

int ctorch_full(double value, CTorchType type, const int64_t *shape, size_t rank, int number, CTorchTensor **out) {
  return make(false, out, [&] {
    return at::full(sizes(shape, rank), value, at::TensorOptions().dtype(scalar_type(type)).device(device(number)));
  });
}

int ctorch_range(int64_t count, CTorchType type, int number, CTorchTensor **out) {
  return make(false, out, [&] {
    return at::arange(count, at::TensorOptions().dtype(scalar_type(type)).device(device(number)));
  });
}

int ctorch_copy_out(const CTorchTensor *tensor, CTorchType type, void *data) {
  return attempt([&] {
    const auto values = tensor->value.detach().to(at::kCPU, scalar_type(type)).contiguous();
    std::memcpy(data, values.data_ptr(), values.nbytes());
  });
}

size_t ctorch_rank(const CTorchTensor *tensor) { return static_cast<size_t>(tensor->value.dim()); }

void ctorch_shape(const CTorchTensor *tensor, int64_t *shape) {
  const auto sizes = tensor->value.sizes();
  std::copy(sizes.begin(), sizes.end(), shape);
}

CTorchType ctorch_type(const CTorchTensor *tensor) {
  switch (tensor->value.scalar_type()) {
    case at::kDouble: return CTORCH_FLOAT64;
    case at::kBFloat16: return CTORCH_BFLOAT16;
    case at::kLong: return CTORCH_INT64;
    case at::kBool: return CTORCH_BOOL;
    default: return CTORCH_FLOAT32;
  }
}

int ctorch_device(const CTorchTensor *tensor) { return tensor->value.is_cuda() ? tensor->value.get_device() : -1; }

int ctorch_generator(uint64_t seed, CTorchGenerator **out) {
  return attempt([&] { *out = new CTorchGenerator{at::make_generator<at::CPUGeneratorImpl>(seed)}; });
}

void ctorch_generator_release(CTorchGenerator *generator) { delete generator; }

int ctorch_generator_state(const CTorchGenerator *generator, CTorchTensor **out) {
  return make(false, out, [&] { return generator->value.get_state().to(at::kLong); });
}

int ctorch_generator_restore(CTorchGenerator *generator, const uint8_t *state, size_t count) {
  return attempt([&] {
    const auto bytes = at::from_blob(
        const_cast<uint8_t *>(state), {static_cast<int64_t>(count)}, at::TensorOptions().dtype(at::kByte));
    generator->value.set_state(bytes.clone());
  });
}

int ctorch_random(
    CTorchDistribution distribution, CTorchGenerator *generator, const int64_t *shape, size_t rank, CTorchTensor **out) {
  return make(false, out, [&] {
    const auto options = at::TensorOptions().dtype(at::kFloat);
    return distribution == CTORCH_NORMAL ? at::randn(sizes(shape, rank), generator->value, options)
                                         : at::rand(sizes(shape, rank), generator->value, options);
  });
}

int ctorch_assign(CTorchTensor *a, const CTorchTensor *b) {
  return attempt([&] {
    at::NoGradGuard mode;
    TORCH_CHECK(a->value.sizes() == b->value.sizes(), "shapes differ: ", a->value.sizes(), " and ", b->value.sizes());
    a->value.copy_(b->value);
  });
}

int ctorch_scale(CTorchTensor *a, double factor) {
  return attempt([&] {
    at::NoGradGuard mode;
    a->value.mul_(factor);
  });
}

int ctorch_accumulate(CTorchTensor *a, const CTorchTensor *b, double factor) {
  return attempt([&] {
    at::NoGradGuard mode;
    a->value.add_(b->value, factor);
  });
}

int ctorch_accumulate_product(CTorchTensor *a, const CTorchTensor *b, const CTorchTensor *c, double factor) {
  return attempt([&] {
    at::NoGradGuard mode;
    a->value.addcmul_(b->value, c->value, factor);
  });
}

int ctorch_accumulate_quotient(
    CTorchTensor *a, const CTorchTensor *b, const CTorchTensor *c, double epsilon, double factor) {
  return attempt([&] {
    at::NoGradGuard mode;
    a->value.addcdiv_(b->value, c->value.sqrt().add_(epsilon), factor);
  });
}
