// The part of libtorch that Aurl uses, behind C: tensors are opaque handles, every call returns 0 or -1, and the
// reason of the last failure of a thread is at ctorch_last_error(). No C++ exception leaves a call, because one that
// reached Swift would end the program.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct CTorchTensor CTorchTensor;
typedef struct CTorchGenerator CTorchGenerator;
typedef struct CTorchGroup CTorchGroup;

typedef enum {
  CTORCH_FLOAT32,
  CTORCH_FLOAT64,
  CTORCH_BFLOAT16,
  CTORCH_INT64,
  CTORCH_BOOL,
} CTorchType;

// Why the last call of this thread failed, in one line. Valid until the next failure.
const char *ctorch_last_error(void);

// The library.
const char *ctorch_version(void);
int ctorch_set_thread_count(int count);
// Whether products of float32 matrices may be computed from factors rounded to bfloat16.
int ctorch_set_fast_products(bool fast);
// Loads the CUDA part of the library, which is in the same folder, and counts the devices.
int ctorch_cuda_device_count(int *count);

// Tensors. A device is -1 for the CPU, or the number of a CUDA device. The caller owns what is returned in *out.
void ctorch_release(CTorchTensor *tensor);
int ctorch_from_data(const void *data, CTorchType type, const int64_t *shape, size_t rank, int device, CTorchTensor **out);
int ctorch_full(double value, CTorchType type, const int64_t *shape, size_t rank, int device, CTorchTensor **out);
int ctorch_range(int64_t count, CTorchType type, int device, CTorchTensor **out);
// Copies all elements, converted to `type`, to `data`.
int ctorch_copy_out(const CTorchTensor *tensor, CTorchType type, void *data);
size_t ctorch_rank(const CTorchTensor *tensor);
void ctorch_shape(const CTorchTensor *tensor, int64_t *shape);
CTorchType ctorch_type(const CTorchTensor *tensor);
int ctorch_device(const CTorchTensor *tensor);

// Random numbers.
int ctorch_generator(uint64_t seed, CTorchGenerator **out);
void ctorch_generator_release(CTorchGenerator *generator);
int ctorch_generator_state(const CTorchGenerator *generator, CTorchTensor **out);
int ctorch_generator_restore(CTorchGenerator *generator, const uint8_t *state, size_t count);
typedef enum { CTORCH_NORMAL, CTORCH_UNIFORM } CTorchDistribution;
int ctorch_random(
    CTorchDistribution distribution, CTorchGenerator *generator, const int64_t *shape, size_t rank, CTorchTensor **out);

// Elementwise operations. In all operations `recording` says whether gradients of the result will be needed.
typedef enum {
  CTORCH_NEGATE, CTORCH_EXP, CTORCH_LOG, CTORCH_SQRT, CTORCH_RSQRT, CTORCH_SQUARE, CTORCH_ABS, CTORCH_TANH,
  CTORCH_SIGMOID, CTORCH_SOFTPLUS, CTORCH_GELU, CTORCH_RELU, CTORCH_SIN, CTORCH_COS, CTORCH_NOT, CTORCH_IS_FINITE,
  CTORCH_DETACH, CTORCH_CLONE, CTORCH_CONTIGUOUS,
} CTorchUnary;
int ctorch_unary(bool recording, CTorchUnary operation, const CTorchTensor *a, CTorchTensor **out);
typedef enum {
  CTORCH_ADD, CTORCH_SUBTRACT, CTORCH_MULTIPLY, CTORCH_DIVIDE, CTORCH_MAXIMUM, CTORCH_MINIMUM, CTORCH_EQUAL,
  CTORCH_LESS, CTORCH_AND, CTORCH_MATMUL,
} CTorchBinary;
int ctorch_binary(
    bool recording, CTorchBinary operation, const CTorchTensor *a, const CTorchTensor *b, CTorchTensor **out);
typedef enum {
  CTORCH_ADD_SCALAR, CTORCH_MULTIPLY_SCALAR, CTORCH_POWER, CTORCH_AT_LEAST, CTORCH_AT_MOST, CTORCH_EQUAL_SCALAR,
  CTORCH_LESS_SCALAR,
} CTorchScalar;
int ctorch_scalar(bool recording, CTorchScalar operation, const CTorchTensor *a, double value, CTorchTensor **out);
int ctorch_where(
    bool recording, const CTorchTensor *condition, const CTorchTensor *a, const CTorchTensor *b, CTorchTensor **out);

// Over dimensions.
typedef enum {
  CTORCH_SUM, CTORCH_MEAN, CTORCH_LARGEST, CTORCH_SMALLEST, CTORCH_LOG_SUM_EXP,
} CTorchReduction;
int ctorch_reduce(
    bool recording, CTorchReduction operation, const CTorchTensor *a, const int64_t *dimensions, size_t count,
    bool keeping, CTorchTensor **out);
typedef enum { CTORCH_SOFTMAX, CTORCH_LOG_SOFTMAX, CTORCH_CUMULATIVE_SUM, CTORCH_ARGMAX } CTorchScan;
int ctorch_scan(bool recording, CTorchScan operation, const CTorchTensor *a, int64_t dimension, CTorchTensor **out);

// Shapes.
int ctorch_reshape(bool recording, const CTorchTensor *a, const int64_t *shape, size_t rank, CTorchTensor **out);
int ctorch_expand(bool recording, const CTorchTensor *a, const int64_t *shape, size_t rank, CTorchTensor **out);
int ctorch_permute(bool recording, const CTorchTensor *a, const int64_t *order, size_t rank, CTorchTensor **out);
int ctorch_narrow(
    bool recording, const CTorchTensor *a, int64_t dimension, int64_t start, int64_t length, CTorchTensor **out);
int ctorch_concatenate(
    bool recording, const CTorchTensor *const *tensors, size_t count, int64_t dimension, CTorchTensor **out);
int ctorch_index_select(
    bool recording, const CTorchTensor *a, int64_t dimension, const CTorchTensor *indices, CTorchTensor **out);
int ctorch_gather(
    bool recording, const CTorchTensor *a, int64_t dimension, const CTorchTensor *indices, CTorchTensor **out);
int ctorch_repeat_interleave(bool recording, const CTorchTensor *a, int64_t times, int64_t dimension, CTorchTensor **out);
// Pairs of widths from the last dimension on.
int ctorch_pad(
    bool recording, const CTorchTensor *a, const int64_t *widths, size_t count, double value, CTorchTensor **out);
int ctorch_unfold(bool recording, const CTorchTensor *a, int64_t dimension, int64_t size, int64_t step, CTorchTensor **out);
int ctorch_convert(bool recording, const CTorchTensor *a, CTorchType type, int device, CTorchTensor **out);

// Networks. `bias` and `mask` may be null.
int ctorch_linear(
    bool recording, const CTorchTensor *x, const CTorchTensor *weight, const CTorchTensor *bias, CTorchTensor **out);
int ctorch_embedding(bool recording, const CTorchTensor *weight, const CTorchTensor *ids, CTorchTensor **out);
int ctorch_one_hot(const CTorchTensor *ids, int64_t classes, CTorchType type, CTorchTensor **out);
int ctorch_rms_norm(
    bool recording, const CTorchTensor *x, const CTorchTensor *weight, double epsilon, CTorchTensor **out);
// The pairs of the last dimension of x as complex numbers times those of `angles` [… w / 2, 2].
int ctorch_turn(bool recording, const CTorchTensor *x, const CTorchTensor *angles, CTorchTensor **out);
int ctorch_attention(
    bool recording, const CTorchTensor *q, const CTorchTensor *k, const CTorchTensor *v, const CTorchTensor *mask,
    bool causal, bool fused, CTorchTensor **out);
// One value per target; 0 where the target is `ignored`.
int ctorch_cross_entropy(
    bool recording, const CTorchTensor *logits, const CTorchTensor *targets, int64_t ignored, CTorchTensor **out);
int ctorch_convolution(
    bool recording, const CTorchTensor *x, const CTorchTensor *weight, const CTorchTensor *bias, int64_t stride,
    int64_t padding, CTorchTensor **out);
int ctorch_singular_values(bool recording, const CTorchTensor *a, CTorchTensor **out);

// In place; none of these is recorded.
int ctorch_assign(CTorchTensor *a, const CTorchTensor *b);
int ctorch_scale(CTorchTensor *a, double factor);
// a += factor · b
int ctorch_accumulate(CTorchTensor *a, const CTorchTensor *b, double factor);
// a += factor · b · c
int ctorch_accumulate_product(CTorchTensor *a, const CTorchTensor *b, const CTorchTensor *c, double factor);
// a += factor · b / (√c + epsilon)
int ctorch_accumulate_quotient(
    CTorchTensor *a, const CTorchTensor *b, const CTorchTensor *c, double epsilon, double factor);

// Gradients.
int ctorch_require_gradient(CTorchTensor *a, bool required);
bool ctorch_requires_gradient(const CTorchTensor *a);
int ctorch_backward(const CTorchTensor *loss);
// The gradient that backward passes have accumulated at a leaf; null if there is none.
int ctorch_gradient(const CTorchTensor *a, CTorchTensor **out);
int ctorch_clear_gradient(CTorchTensor *a);
// The gradients of a scalar; with `creating` they can be differentiated again, with `retaining` the graph is kept for
// other outputs. Null for tensors without a gradient.
int ctorch_gradients(
    const CTorchTensor *output, const CTorchTensor *const *inputs, size_t count, bool creating, bool retaining,
    CTorchTensor **outs);

// Several processes, which must make the same calls in the same order; otherwise they wait until the timeout. Joins
// `count` processes, of which this has the number `rank`, at an address at which one of them (`serving`) or another
// program is the server; waits for the others for `timeout` seconds.
int ctorch_group_join(
    const char *host, uint16_t port, bool serving, int rank, int count, double timeout, CTorchGroup **out);
void ctorch_group_release(CTorchGroup *group);
int ctorch_group_set_timeout(CTorchGroup *group, double seconds);
int ctorch_group_barrier(CTorchGroup *group);
// In place, with tensors of one type: each becomes its sum over all processes, or its value in process 0.
int ctorch_group_sum(CTorchGroup *group, CTorchTensor *const *tensors, size_t count);
int ctorch_group_broadcast(CTorchGroup *group, CTorchTensor *const *tensors, size_t count);
// The sum of a tensor over all processes, recorded: the backward pass of each takes part as well.
int ctorch_group_summed(bool recording, CTorchGroup *group, const CTorchTensor *a, CTorchTensor **out);

#ifdef __cplusplus
}
#endif
