# The tests that need an ALSA sequencer, on the one of this machine or in a guest machine with its own kernel.

SEQUENCER_PACKAGES := alsa-utils
GUEST_PACKAGES := qemu-system-x86 busybox-static cpio kmod libfluidsynth3 xz-utils
BUILT := .build/$(CONFIGURATION)
# FluidSynth is loaded on demand, so it is not among the linked libraries of aurl.
FLUIDSYNTH = $(shell ldconfig -p | awk '/libfluidsynth\.so\.3/ { print $$NF; exit }')
SEQUENCER_TESTS := $(BUILT)/aurlPackageTests.xctest --testing-library swift-testing --filter SequencerTests

.PHONY: test-ports
test-ports: ## Test the MIDI ports on the kernel's sequencer, in a guest machine if this one has none
	@.ci/setup $(PACKAGES) $(SEQUENCER_PACKAGES)
	@$(SWIFT) build -c $(CONFIGURATION) --build-tests
	@if [ -w /dev/snd/seq ]; then \
	  $(SEQUENCER_TESTS); \
	else \
	  .ci/setup $(GUEST_PACKAGES); \
	  Tests/Guest/guest.sh --limit 3600 --add $(BUILT)/aurl --add $(BUILT)/aurlPackageTests.xctest \
	    --add models/aurl-small.safetensors --add docs/live.md $(FLUIDSYNTH:%=--add %) -- \
	    env AURL_GUEST=1 NO_COLOR=1 $(SEQUENCER_TESTS); \
	fi
