# Aurl: the targets for users, developers and CI. `make help` lists them.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
PREFIX ?= /usr/local
CONFIGURATION := release
SWIFT := swift

# Debian and Ubuntu packages: the libraries that the programs need, and what only the tests need.
PACKAGES := libsmf-dev zlib1g-dev libfluidsynth-dev libsndfile1-dev libasound2-dev pkg-config
TEST_PACKAGES := alsa-utils chromium fish fonts-dejavu-core python3-numpy python3-pip zsh

# The sources for the formatter.
SOURCES := Package.swift Sources Tests Tools $(foreach package,Benchmarks Fuzz,$(package)/Package.swift $(package)/Sources)

AURL := .build/$(CONFIGURATION)/aurl
export AURL_STRICT := 1

# libtorch, for training: `make libtorch` installs it, LIBTORCH=FOLDER selects another. Without it, aurl-train and the
# tests of training are not built.
TORCH := 2.11.0
TORCH_HOME := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/aurl/libtorch-$(TORCH)
LIBTORCH ?= $(wildcard $(TORCH_HOME)/torch)
ifneq ($(LIBTORCH),)
export LIBTORCH
else
unexport LIBTORCH
endif

# The model of `make parity`.
MODEL ?= models/aurl-small.safetensors

# The run, time and music of `make train-gpu`: see Tools/train/run.
RUN ?= run
MINUTES ?= 600
DATA ?= corpus

# The piece of `make demo`, and the folder for its results.
PIECE := corpus/joplin-the-entertainer.mid
DEMO := .build/demo
show = @echo '$$ aurl $(1)' && $(AURL) $(1) && echo

.DEFAULT_GOAL := help
.PHONY: help setup test-setup build test test-python train-gpu libtorch lint imports docs format bench accuracy parity corpus demo soundfonts install uninstall package try-package clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

demo: build ## Run the main commands on a piece of the corpus and show their output
	@mkdir -p $(DEMO)
	$(call show,inspect $(PIECE))
	$(call show,encode $(PIECE) -o $(DEMO)/piece.tokens)
	$(call show,decode $(DEMO)/piece.tokens -o $(DEMO)/piece.mid)
	@cmp <($(AURL) encode $(DEMO)/piece.mid) $(DEMO)/piece.tokens
	$(call show,analyze $(PIECE) --html $(DEMO)/piece.html)
	$(call show,render $(DEMO)/piece.tokens -o $(DEMO)/piece.wav)
	$(call show,generate --seconds 20 --seed 4 -o $(DEMO)/take.mid --render $(DEMO)/take.wav)
	$(call show,live --player $(PIECE) --phrases 8 --offline --seed 4 --record $(DEMO)/duet.mid --explain)
	$(call show,render $(DEMO)/duet.mid -o $(DEMO)/duet.wav)
	@echo 'The program is $(AURL): "make install" puts it on the PATH, and alias aurl="$$PWD/$(AURL)" does for this shell.'
	@echo "The decoded file encodes to the same tokens. All results are in $(DEMO)/. To listen to the piece, the generated take and"
	@echo "the duet: aplay $(DEMO)/piece.wav $(DEMO)/take.wav $(DEMO)/duet.wav. To see the analysis: xdg-open $(DEMO)/piece.html"

build: setup ## Build the programs
	@$(SWIFT) build -c $(CONFIGURATION)

# Tests run in parallel, so waiting OpenMP threads of one test must not spin and take processors from another.
test: test-setup libtorch ## Build and run all tests
	@LIBTORCH="$${LIBTORCH:-$(TORCH_HOME)/torch}" OMP_WAIT_POLICY=passive \
	  $(SWIFT) test -c $(CONFIGURATION) --disable-testable-imports 2>&1 | tee .build/test.log \
	  || { echo; echo 'Failures (the full log is .build/test.log):'; grep -E -A 3 '✘|error:' .build/test.log; exit 1; }
	@$(RUN_PYTHON_TESTS)

# A Python with NumPy: the first on the PATH, or the system's.
PYTHON ?= $(shell python3 -c 'import numpy' 2> /dev/null && echo python3 || echo /usr/bin/python3)
RUN_PYTHON_TESTS = AURL="$(CURDIR)/$(AURL)" $(PYTHON) -m unittest discover -s python/tests -t python

test-python: test-setup build ## Build, and run the tests of the Python package
	@$(RUN_PYTHON_TESTS)

libtorch: ## Install libtorch, for training and its tests, into the user's cache folder (530 MB)
	@[ -n "$${LIBTORCH:-}" ] || { .ci/setup python3-pip && .ci/libtorch $(TORCH) "$(TORCH_HOME)"; }

train-gpu: build ## Train a model on a GPU: LIBTORCH=FOLDER DATA="FOLDER …" RUN=run MINUTES=600
	@Tools/train/run $(RUN) $(MINUTES) $(DATA)

lint: setup ## Check the format of the source
	@$(SWIFT) format lint --strict --parallel --recursive $(SOURCES)

imports: setup ## Check that targets declare what they import
	@$(SWIFT) build -c $(CONFIGURATION) --explicit-target-dependency-import-check error

docs: setup ## Build the documentation of the libraries (DocC) in .build/docs
	@for product in $$(sed -nE 's/.*\.library\(name: "([A-Za-z]+)".*/\1/p' Package.swift); do \
	  AURL_DOCS=1 $(SWIFT) package --scratch-path .build-docs --allow-writing-to-directory .build/docs \
	    generate-documentation --target $$product --output-path .build/docs/$$product; \
	done

format: setup ## Format the source
	@$(SWIFT) format --in-place --parallel --recursive $(SOURCES)

bench: build ## Measure against other tools and print ratios
	@Benchmarks/run

accuracy: build ## Measure the analyzer and its peers on annotated music (DATA=FOLDER)
	@Benchmarks/accuracy.sh $(if $(DATA),"$(DATA)")

parity: setup libtorch ## Compare the native engine with libtorch on the shipped model, or on MODEL=FILE
	@LIBTORCH="$${LIBTORCH:-$(TORCH_HOME)/torch}" $(SWIFT) build -c $(CONFIGURATION) --product parity
	@.build/$(CONFIGURATION)/parity "$(MODEL)" corpus

corpus: build ## Build the MIDI files of the corpus from their sources
	@.build/$(CONFIGURATION)/engrave corpus/*.score

soundfonts: build ## Synthesize the soundfont
	@.build/$(CONFIGURATION)/foundry soundfonts/aurl.sf2

include Fuzz/fuzz.mk

install: build ## Install the programs, completions and man pages below PREFIX
	@.ci/install .build "$(DESTDIR)$(PREFIX)" aurl $(if $(LIBTORCH),aurl-train)

uninstall: ## Remove the files of make install below PREFIX
	@.ci/uninstall "$(DESTDIR)$(PREFIX)"

package: build ## Build a Debian package and an archive of aurl in .build/packages
	@.ci/setup dpkg-dev lintian
	@.ci/package .build .build/packages

try-package: package ## Install the package into a fresh Debian root and run the README there (as root)
	@.ci/setup debootstrap
	@.ci/try-package .build/packages/aurl_*.deb

clean: ## Remove all build products
	@rm -rf .build .build-docs Benchmarks/.build Fuzz/.build

include Tests/Guest/guest.mk

setup:
	@.ci/setup $(PACKAGES)

test-setup: setup
	@.ci/setup $(PACKAGES) $(TEST_PACKAGES)
