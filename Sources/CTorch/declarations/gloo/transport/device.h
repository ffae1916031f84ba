// What c10d's header names of Gloo's network devices; see processes.cpp.
#pragma once

namespace gloo::transport {
class Device;
}
