// The types of Gloo's network devices that c10d's header names; see processes.cpp.
#pragma once

namespace gloo::transport {
class Device;
}
