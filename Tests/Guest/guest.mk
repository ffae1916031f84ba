# The tests that need an ALSA sequencer: on this machine's, or in a guest that brings its own.

SEQUENCER_PACKAGES := alsa-utils
GUEST_PACKAGES := qemu-system-x86 busybox-static cpio kmod libfluidsynth3 xz-utils
BUILT := .build/$(CONFIGURATION)
# It is loaded when it is needed, and so not among the libraries that aurl names.
FLUIDSYNTH = $(shell ldconfig -p | awk '/libfluidsynth\.so\.3/ { print $$NF; exit }')
SEQUENCER_TESTS := $(BUILT)/aurlPackageTests.xctest --testing-library swift-testing --filter SequencerTests

.PHONY: test-ports
test-ports: ## Test the MIDI ports on a kernel's sequencer, in a guest where this machine has none
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
