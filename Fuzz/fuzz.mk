# `make fuzz` feeds damaged MIDI, MusicXML, token and model files to the readers, the codec and the writer, guided by coverage,
# for FUZZ_SECONDS. What it finds is kept in Fuzz/.build as crash-… or timeout-…; the inputs that reach new code
# are kept in Fuzz/.build/inputs for the next run.
FUZZ_SECONDS ?= 60
FUZZ_BUILD := Fuzz/.build/release
FUZZ_OPTIONS := -timeout=10 -rss_limit_mb=2048 -artifact_prefix=Fuzz/.build/

.PHONY: fuzz fuzz-seeds fuzz-build
fuzz: fuzz-build ## Look for files that crash or hang, for FUZZ_SECONDS
	@mkdir -p Fuzz/.build/inputs
	@$(FUZZ_BUILD)/fuzz -max_total_time=$(FUZZ_SECONDS) -max_len=4096 $(FUZZ_OPTIONS) -print_final_stats=1 \
	  Fuzz/.build/inputs Fuzz/seeds $(wildcard corpus)

fuzz-seeds: fuzz-build ## Feed the fuzz target what it begins with, once
	@$(FUZZ_BUILD)/fuzz -runs=0 -max_len=1000000 $(FUZZ_OPTIONS) Fuzz/seeds $(wildcard corpus)

fuzz-build: setup
	@$(SWIFT) build --package-path Fuzz -c release --target fuzz -Xswiftc -sanitize=fuzzer
	@swiftc -sanitize=fuzzer -use-ld=lld -o $(FUZZ_BUILD)/fuzz \
	  $(FUZZ_BUILD)/*.build/*.o $$(pkg-config --libs smf zlib)
