// c10d's header asks for this one and needs nothing of it.
#pragma once
