#include "boundary.h"

using namespace ctorch;

static at::Tensor unary(CTorchUnary operation, const at::Tensor &a) {
  switch (operation) {
    case CTORCH_NEGATE: return at::neg(a);
    case CTORCH_EXP: return at::exp(a);
    case CTORCH_LOG: return at::log(a);
    case CTORCH_SQRT: return at::sqrt(a);
    case CTORCH_RSQRT: return at::rsqrt(a);
    case CTORCH_SQUARE: return at::square(a);
    case CTORCH_ABS: return at::abs(a);
    case CTORCH_TANH: return at::tanh(a);
    case CTORCH_SIGMOID: return at::sigmoid(a);
    case CTORCH_SOFTPLUS: return at::softplus(a);
    case CTORCH_GELU: return at::gelu(a, "tanh");
    case CTORCH_RELU: return at::relu(a);
    case CTORCH_SIN: return at::sin(a);
    case CTORCH_COS: return at::cos(a);
    case CTORCH_NOT: return at::logical_not(a);
    case CTORCH_IS_FINITE: return at::isfinite(a);
    case CTORCH_DETACH: return a.detach();
    case CTORCH_CLONE: return at::clone(a);
    case CTORCH_CONTIGUOUS: return a.contiguous();
  }
  TORCH_CHECK(false, "unknown operation");
}

int ctorch_unary(bool recording, CTorchUnary operation, const CTorchTensor *a, CTorchTensor **out) {
  return make(recording, out, [&] { return unary(operation, a->value); });
}

static at::Tensor binary(CTorchBinary operation, const at::Tensor &a, const at::Tensor &b) {
  switch (operation) {
    case CTORCH_ADD: return at::add(a, b);
    case CTORCH_SUBTRACT: return at::sub(a, b);
    case CTORCH_MULTIPLY: return at::mul(a, b);
    case CTORCH_DIVIDE: return at::div(a, b);
    case CTORCH_MAXIMUM: return at::maximum(a, b);
    case CTORCH_MINIMUM: return at::minimum(a, b);
    case CTORCH_EQUAL: return at::eq(a, b);
    case CTORCH_LESS: return at::lt(a, b);
    case CTORCH_AND: return at::logical_and(a, b);
    case CTORCH_MATMUL: return at::matmul(a, b);
  }
  TORCH_CHECK(false, "unknown operation");
}

int ctorch_binary(
    bool recording, CTorchBinary operation, const CTorchTensor *a, const CTorchTensor *b, CTorchTensor **out) {
  return make(recording, out, [&] { return binary(operation, a->value, b->value); });
}

// Integers stay integers; otherwise integer tensors would become floats.
static at::Scalar scalar_for(const at::Tensor &a, double value) {
  if (at::isIntegralType(a.scalar_type(), false) && value == static_cast<double>(static_cast<int64_t>(value)))
    return static_cast<int64_t>(value);
  return value;
}

static at::Tensor scalar(CTorchScalar operation, const at::Tensor &a, double number) {
  const at::Scalar value = scalar_for(a, number);
  switch (operation) {
    case CTORCH_ADD_SCALAR: return at::add(a, value);
    case CTORCH_MULTIPLY_SCALAR: return at::mul(a, value);
    case CTORCH_POWER: return at::pow(a, value);
    case CTORCH_AT_LEAST: return at::clamp_min(a, value);
    case CTORCH_AT_MOST: return at::clamp_max(a, value);
    case CTORCH_EQUAL_SCALAR: return at::eq(a, value);
    case CTORCH_LESS_SCALAR: return at::lt(a, value);
  }
  TORCH_CHECK(false, "unknown operation");
}

int ctorch_scalar(bool recording, CTorchScalar operation, const CTorchTensor *a, double value, CTorchTensor **out) {
  return make(recording, out, [&] { return scalar(operation, a->value, value); });
}

int ctorch_where(
    bool recording, const CTorchTensor *condition, const CTorchTensor *a, const CTorchTensor *b, CTorchTensor **out) {
  return make(recording, out, [&] { return at::where(condition->value, a->value, b->value); });
}

static at::Tensor reduce(CTorchReduction operation, const at::Tensor &a, at::IntArrayRef dimensions, bool keeping) {
  switch (operation) {
    case CTORCH_SUM: return at::sum(a, dimensions, keeping);
    case CTORCH_MEAN: return at::mean(a, dimensions, keeping);
    case CTORCH_LARGEST: return at::amax(a, dimensions, keeping);
    case CTORCH_SMALLEST: return at::amin(a, dimensions, keeping);
    case CTORCH_LOG_SUM_EXP: return at::logsumexp(a, dimensions, keeping);
  }
  TORCH_CHECK(false, "unknown operation");
}

int ctorch_reduce(
    bool recording, CTorchReduction operation, const CTorchTensor *a, const int64_t *dimensions, size_t count,
    bool keeping, CTorchTensor **out) {
  return make(recording, out, [&] { return reduce(operation, a->value, sizes(dimensions, count), keeping); });
}

static at::Tensor scan(CTorchScan operation, const at::Tensor &a, int64_t dimension) {
  switch (operation) {
    case CTORCH_SOFTMAX: return at::softmax(a, dimension);
    case CTORCH_LOG_SOFTMAX: return at::log_softmax(a, dimension);
    case CTORCH_CUMULATIVE_SUM: return at::cumsum(a, dimension);
    case CTORCH_ARGMAX: return at::argmax(a, dimension);
  }
  TORCH_CHECK(false, "unknown operation");
}

int ctorch_scan(bool recording, CTorchScan operation, const CTorchTensor *a, int64_t dimension, CTorchTensor **out) {
  return make(recording, out, [&] { return scan(operation, a->value, dimension); });
}
