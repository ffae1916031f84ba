#include "boundary.h"

using namespace ctorch;

static std::optional<at::Tensor> optional(const CTorchTensor *tensor) {
  if (tensor == nullptr) return std::nullopt;
  return tensor->value;
}

int ctorch_linear(
    bool recording, const CTorchTensor *x, const CTorchTensor *weight, const CTorchTensor *bias, CTorchTensor **out) {
  return make(recording, out, [&] { return at::linear(x->value, weight->value, optional(bias)); });
}

int ctorch_embedding(bool recording, const CTorchTensor *weight, const CTorchTensor *ids, CTorchTensor **out) {
  return make(recording, out, [&] { return at::embedding(weight->value, ids->value); });
}

int ctorch_rms_norm(
    bool recording, const CTorchTensor *x, const CTorchTensor *weight, double epsilon, CTorchTensor **out) {
  return make(recording, out, [&] {
    const auto scale = at::rsqrt(at::mean(at::square(x->value), -1, true) + epsilon);
    return x->value * scale * weight->value;
  });
}

int ctorch_attention(
    bool recording, const CTorchTensor *q, const CTorchTensor *k, const CTorchTensor *v, const CTorchTensor *mask,
    bool causal, CTorchTensor **out) {
  return make(recording, out, [&] {
    return at::scaled_dot_product_attention(q->value, k->value, v->value, optional(mask), 0.0, causal);
  });
}

int ctorch_cross_entropy(
    bool recording, const CTorchTensor *logits, const CTorchTensor *targets, int64_t ignored, CTorchTensor **out) {
  return make(recording, out, [&] {
    return at::cross_entropy_loss(logits->value, targets->value, {}, at::Reduction::None, ignored);
  });
}

int ctorch_convolution(
    bool recording, const CTorchTensor *x, const CTorchTensor *weight, const CTorchTensor *bias, int64_t stride,
    int64_t padding, CTorchTensor **out) {
  return make(recording, out, [&] {
    return at::conv1d(x->value, weight->value, optional(bias), at::IntArrayRef{stride}, at::IntArrayRef{padding});
  });
}

int ctorch_singular_values(bool recording, const CTorchTensor *a, CTorchTensor **out) {
  return make(recording, out, [&] { return at::linalg_svdvals(a->value); });
}
