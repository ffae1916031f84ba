#include <torch/csrc/autograd/autograd.h>

#include "boundary.h"

using namespace ctorch;

int ctorch_require_gradient(CTorchTensor *a, bool required) {
  return attempt([&] { a->value.set_requires_grad(required); });
}

bool ctorch_requires_gradient(const CTorchTensor *a) { return a->value.requires_grad(); }

int ctorch_backward(const CTorchTensor *loss) {
  return attempt([&] { torch::autograd::backward({loss->value}, {}); });
}

int ctorch_gradient(const CTorchTensor *a, CTorchTensor **out) {
  return attempt([&] { *out = a->value.grad().defined() ? new CTorchTensor{a->value.grad()} : nullptr; });
}

int ctorch_clear_gradient(CTorchTensor *a) {
  return attempt([&] { a->value.mutable_grad().reset(); });
}

int ctorch_gradients(
    const CTorchTensor *output, const CTorchTensor *const *inputs, size_t count, bool creating, bool retaining,
    CTorchTensor **outs) {
  return attempt([&] {
    std::vector<at::Tensor> leaves;
    for (size_t index = 0; index < count; ++index) leaves.push_back(inputs[index]->value);
    const auto found = torch::autograd::grad({output->value}, leaves, {}, retaining, creating, true);
    for (size_t index = 0; index < count; ++index)
      outs[index] = found[index].defined() ? new CTorchTensor{found[index]} : nullptr;
  });
}
