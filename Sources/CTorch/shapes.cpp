#include "boundary.h"

using namespace ctorch;

int ctorch_reshape(bool recording, const CTorchTensor *a, const int64_t *shape, size_t rank, CTorchTensor **out) {
  return make(recording, out, [&] { return a->value.reshape(sizes(shape, rank)); });
}

int ctorch_expand(bool recording, const CTorchTensor *a, const int64_t *shape, size_t rank, CTorchTensor **out) {
  return make(recording, out, [&] { return a->value.expand(sizes(shape, rank)); });
}

int ctorch_permute(bool recording, const CTorchTensor *a, const int64_t *order, size_t rank, CTorchTensor **out) {
  return make(recording, out, [&] { return a->value.permute(sizes(order, rank)); });
}

int ctorch_narrow(
    bool recording, const CTorchTensor *a, int64_t dimension, int64_t start, int64_t length, CTorchTensor **out) {
  return make(recording, out, [&] { return a->value.narrow(dimension, start, length); });
}

int ctorch_concatenate(
    bool recording, const CTorchTensor *const *tensors, size_t count, int64_t dimension, CTorchTensor **out) {
  return make(recording, out, [&] {
    std::vector<at::Tensor> parts;
    parts.reserve(count);
    for (size_t index = 0; index < count; ++index) parts.push_back(tensors[index]->value);
    return at::cat(parts, dimension);
  });
}

int ctorch_index_select(
    bool recording, const CTorchTensor *a, int64_t dimension, const CTorchTensor *indices, CTorchTensor **out) {
  return make(recording, out, [&] { return at::index_select(a->value, dimension, indices->value); });
}

int ctorch_gather(
    bool recording, const CTorchTensor *a, int64_t dimension, const CTorchTensor *indices, CTorchTensor **out) {
  return make(recording, out, [&] { return at::gather(a->value, dimension, indices->value); });
}

int ctorch_repeat_interleave(
    bool recording, const CTorchTensor *a, int64_t times, int64_t dimension, CTorchTensor **out) {
  return make(recording, out, [&] { return at::repeat_interleave(a->value, times, dimension); });
}

int ctorch_pad(
    bool recording, const CTorchTensor *a, const int64_t *widths, size_t count, double value, CTorchTensor **out) {
  return make(recording, out, [&] { return at::constant_pad_nd(a->value, sizes(widths, count), value); });
}

int ctorch_unfold(
    bool recording, const CTorchTensor *a, int64_t dimension, int64_t size, int64_t step, CTorchTensor **out) {
  return make(recording, out, [&] { return a->value.unfold(dimension, size, step); });
}

int ctorch_convert(bool recording, const CTorchTensor *a, CTorchType type, int number, CTorchTensor **out) {
  return make(recording, out, [&] { return a->value.to(device(number), scalar_type(type)); });
}
