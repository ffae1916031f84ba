#pragma once

#include <fluidsynth.h>

// The types of FluidSynth's functions. The library is loaded on demand and its functions are looked up by name; Swift
// cannot derive their types from the headers.
#define FUNCTION_TYPE(name) typedef __typeof__(name) *name##_function

FUNCTION_TYPE(new_fluid_settings);
FUNCTION_TYPE(delete_fluid_settings);
FUNCTION_TYPE(fluid_settings_setint);
FUNCTION_TYPE(fluid_settings_setnum);
FUNCTION_TYPE(fluid_settings_setstr);
FUNCTION_TYPE(new_fluid_synth);
FUNCTION_TYPE(delete_fluid_synth);
FUNCTION_TYPE(new_fluid_audio_driver);
FUNCTION_TYPE(delete_fluid_audio_driver);
FUNCTION_TYPE(fluid_set_log_function);
FUNCTION_TYPE(fluid_synth_sfload);
FUNCTION_TYPE(fluid_synth_set_bank_offset);
FUNCTION_TYPE(fluid_synth_program_reset);
FUNCTION_TYPE(fluid_synth_set_interp_method);
FUNCTION_TYPE(fluid_synth_set_chorus_group_type);
FUNCTION_TYPE(fluid_synth_set_channel_type);
FUNCTION_TYPE(fluid_synth_set_gain);
FUNCTION_TYPE(fluid_synth_system_reset);
FUNCTION_TYPE(fluid_synth_noteon);
FUNCTION_TYPE(fluid_synth_noteoff);
FUNCTION_TYPE(fluid_synth_cc);
FUNCTION_TYPE(fluid_synth_bank_select);
FUNCTION_TYPE(fluid_synth_program_change);
FUNCTION_TYPE(fluid_synth_pitch_bend);
FUNCTION_TYPE(fluid_synth_pitch_wheel_sens);
FUNCTION_TYPE(fluid_synth_channel_pressure);
FUNCTION_TYPE(fluid_synth_key_pressure);
FUNCTION_TYPE(fluid_synth_sysex);
FUNCTION_TYPE(fluid_synth_write_float);

#undef FUNCTION_TYPE
