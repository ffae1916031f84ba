// c10d's header includes this file but uses nothing from it.
#pragma once
