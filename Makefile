# Aurl: everything a newcomer or a machine needs. `make help` lists the targets.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
PREFIX ?= /usr/local
CONFIGURATION := release
SWIFT := swift

# What is linked, and what only the tests need (Debian and Ubuntu package names).
PACKAGES := libsmf-dev libfluidsynth-dev libsndfile1-dev libasound2-dev pkg-config
TEST_PACKAGES := alsa-utils chromium fonts-dejavu-core python3-pip

# What the formatter reads.
SOURCES := Package.swift Sources Tests $(foreach package,Benchmarks Fuzz,$(package)/Package.swift $(package)/Sources)

AURL := .build/$(CONFIGURATION)/aurl
export AURL_STRICT := 1

# What training stands on: `make libtorch` brings it, LIBTORCH=FOLDER names another. Without it the rest is built.
TORCH := 2.11.0
TORCH_HOME := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/aurl/libtorch-$(TORCH)
LIBTORCH ?= $(wildcard $(TORCH_HOME)/torch)
ifneq ($(LIBTORCH),)
export LIBTORCH
else
unexport LIBTORCH
endif

# What `make parity` works on.
MODEL ?= models/aurl-small.safetensors

# What `make demo` works on, and where it leaves its results.
PIECE := corpus/joplin-the-entertainer.mid
DEMO := .build/demo
show = @echo '$$ aurl $(1)' && $(AURL) $(1) && echo

.DEFAULT_GOAL := help
.PHONY: help setup test-setup build test libtorch lint format bench accuracy parity corpus demo soundfonts install clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

demo: build ## Run the main job on a piece of the corpus and show what it did
	@mkdir -p $(DEMO)
	$(call show,inspect $(PIECE))
	$(call show,encode $(PIECE) -o $(DEMO)/piece.tokens)
	$(call show,decode $(DEMO)/piece.tokens -o $(DEMO)/piece.mid)
	@cmp <($(AURL) encode $(DEMO)/piece.mid) $(DEMO)/piece.tokens
	$(call show,analyze $(PIECE) --html $(DEMO)/piece.html)
	$(call show,render $(DEMO)/piece.tokens -o $(DEMO)/piece.wav)
	$(call show,generate --seconds 20 --seed 4 -o $(DEMO)/take.mid --render $(DEMO)/take.wav)
	@echo "The decoded file encodes to the same tokens. Everything is in $(DEMO)/; to listen: aplay $(DEMO)/piece.wav"
	@echo "and, to what the model made, aplay $(DEMO)/take.wav; to look: xdg-open $(DEMO)/piece.html"

build: setup ## Build the programs
	@$(SWIFT) build -c $(CONFIGURATION)

# Tests run beside each other: threads of one that wait must not take the processors from another.
test: test-setup libtorch ## Build and run all tests
	@LIBTORCH="$${LIBTORCH:-$(TORCH_HOME)/torch}" OMP_WAIT_POLICY=passive \
	  $(SWIFT) test -c $(CONFIGURATION) --disable-testable-imports 2>&1 | tee .build/test.log \
	  || { echo; echo 'What failed, again (everything is in .build/test.log):'; grep -E -A 3 '✘|error:' .build/test.log; exit 1; }

libtorch: ## Bring libtorch, for training and its tests, into the cache folder of the user (530 MB)
	@[ -n "$${LIBTORCH:-}" ] || { .ci/setup python3-pip && .ci/libtorch $(TORCH) "$(TORCH_HOME)"; }

lint: setup ## Check the format of the source
	@$(SWIFT) format lint --strict --parallel --recursive $(SOURCES)

format: setup ## Format the source
	@$(SWIFT) format --in-place --parallel --recursive $(SOURCES)

bench: build ## Measure against other tools and print ratios
	@Benchmarks/run

accuracy: build ## Measure the analyzer on annotated music (DATA=folder) beside its peers
	@Benchmarks/accuracy.sh $(if $(DATA),"$(DATA)")

parity: setup libtorch ## Hold the native engine to libtorch on the shipped model, or on MODEL=FILE
	@LIBTORCH="$${LIBTORCH:-$(TORCH_HOME)/torch}" $(SWIFT) build -c $(CONFIGURATION) --product parity
	@.build/$(CONFIGURATION)/parity "$(MODEL)" corpus

corpus: build ## Make the MIDI files of the corpus from their sources
	@.build/$(CONFIGURATION)/engrave corpus/*.score

soundfonts: build ## Synthesise the soundfont
	@.build/$(CONFIGURATION)/foundry soundfonts/aurl.sf2

include Fuzz/fuzz.mk

install: PROGRAMS := aurl $(if $(LIBTORCH),aurl-train)
install: setup ## Install the programs, completions and man pages below PREFIX
	@for program in $(PROGRAMS); do \
	  $(SWIFT) build -c $(CONFIGURATION) --product $$program --static-swift-stdlib --scratch-path .build-install; \
	done
	@.ci/install .build-install/$(CONFIGURATION) "$(DESTDIR)$(PREFIX)" $(PROGRAMS)

clean: ## Remove what was built
	@rm -rf .build .build-install Benchmarks/.build Fuzz/.build

include Tests/Guest/guest.mk

setup:
	@.ci/setup $(PACKAGES)

test-setup: setup
	@.ci/setup $(PACKAGES) $(TEST_PACKAGES)
