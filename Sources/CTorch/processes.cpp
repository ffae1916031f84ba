// Communication between processes, with c10d's Gloo backend.
//
// PyTorch's wheel contains Gloo in libtorch_cpu.so, and c10d's headers, but not Gloo's own headers, which the header of
// the process group includes. It needs only the names of types behind pointers from them, which `declarations/gloo`
// declares. This code does not create, access or call any object of Gloo; c10d's library does, with the Gloo that it
// was built with. The headers of another version (Debian's is years older) would compile too, but would have to be
// installed.
#define USE_C10D_GLOO
#include <c10/util/Logging.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include <cstdlib>

#include "boundary.h"

using namespace ctorch;

struct CTorchGroup {
  c10::intrusive_ptr<c10d::Backend> value;
};

static std::chrono::milliseconds milliseconds(double seconds) {
  return std::chrono::milliseconds(static_cast<int64_t>(seconds * 1000));
}

int ctorch_group_join(
    const char *host, uint16_t port, bool serving, int rank, int count, double timeout, CTorchGroup **out) {
  return attempt([&] {
    // Errors are thrown; c10d would also log them with a stack trace.
    if (!std::getenv("TORCH_CPP_LOG_LEVEL")) FLAGS_caffe2_log_level = c10::GLOG_FATAL;
    c10d::TCPStoreOptions options;
    options.port = port;
    options.isServer = serving;
    options.numWorkers = static_cast<size_t>(count);
    options.timeout = milliseconds(timeout);
    const auto store = c10::make_intrusive<c10d::PrefixStore>("aurl", c10::make_intrusive<c10d::TCPStore>(host, options));
    *out = new CTorchGroup{c10::make_intrusive<c10d::ProcessGroupGloo>(
        store, rank, count, c10d::ProcessGroupGloo::Options::create_default(milliseconds(timeout)))};
  });
}

void ctorch_group_release(CTorchGroup *group) { delete group; }

int ctorch_group_set_timeout(CTorchGroup *group, double seconds) {
  return attempt([&] { group->value->setTimeout(milliseconds(seconds)); });
}

int ctorch_group_barrier(CTorchGroup *group) {
  return attempt([&] { group->value->barrier()->wait(); });
}

// Runs `exchange` on all elements in one flat tensor on the CPU: one exchange instead of one per tensor.
template <typename Exchange>
static int in_bucket(CTorchTensor *const *tensors, size_t count, Exchange exchange) {
  return attempt([&] {
    at::NoGradGuard mode;
    std::vector<at::Tensor> parts;
    for (size_t index = 0; index < count; ++index) {
      const auto &value = tensors[index]->value;
      TORCH_CHECK(value.scalar_type() == tensors[0]->value.scalar_type(), "tensors of several types");
      parts.push_back(value.reshape(-1));
    }
    std::vector<at::Tensor> bucket{at::cat(parts).cpu()};
    exchange(bucket);
    int64_t start = 0;
    for (size_t index = 0; index < count; ++index) {
      auto &value = tensors[index]->value;
      value.copy_(bucket[0].narrow(0, start, value.numel()).view(value.sizes()));
      start += value.numel();
    }
  });
}

int ctorch_group_sum(CTorchGroup *group, CTorchTensor *const *tensors, size_t count) {
  return in_bucket(tensors, count, [&](auto &bucket) { group->value->allreduce(bucket)->wait(); });
}

int ctorch_group_broadcast(CTorchGroup *group, CTorchTensor *const *tensors, size_t count) {
  return in_bucket(tensors, count, [&](auto &bucket) { group->value->broadcast(bucket)->wait(); });
}

// The sum over all processes. Each process's loss depends on the elements of all, so that gradients are summed too.
struct Sum : torch::autograd::Function<Sum> {
  static at::Tensor forward(
      torch::autograd::AutogradContext *context, const at::Tensor &a, const c10::intrusive_ptr<c10d::Backend> &group) {
    context->saved_data["group"] = c10::IValue::make_capsule(group);
    std::vector<at::Tensor> bucket{a.detach().to(at::kCPU, a.scalar_type(), false, true).contiguous()};
    group->allreduce(bucket)->wait();
    return bucket[0].to(a.device());
  }

  static torch::autograd::variable_list backward(
      torch::autograd::AutogradContext *context, const torch::autograd::variable_list &gradients) {
    const auto capsule = context->saved_data["group"].toCapsule();
    return {apply(gradients[0], c10::static_intrusive_pointer_cast<c10d::Backend>(capsule)), at::Tensor()};
  }
};

int ctorch_group_summed(bool recording, CTorchGroup *group, const CTorchTensor *a, CTorchTensor **out) {
  return make(recording, out, [&] { return Sum::apply(a->value, group->value); });
}
