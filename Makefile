# Sets the machine up and runs what package.json knows. make calls npm, npm never calls make.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
in_engine := deploy/setup/engine.sh $(MAKE)
.PHONY: help demo up down test build image engine check bench clean node
.PHONY: image-in-engine full-image-in-engine demo-in-engine up-in-engine bench-in-engine test-in-engine
.PHONY: sbom nightly sbom-in-engine nightly-in-engine clangd sanitized-in-engine

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

demo: build ## see hooks block, ask and allow, in real sandboxes
	@$(in_engine) demo-in-engine

up: build ## start Redis, the HTTP API and WORKERS=2 workers with Docker Compose
	@HOOKPOOL_KEEP_ENGINE=1 $(in_engine) up-in-engine

down: ## end what `make up` started; what Redis holds is kept
	@deploy/setup/down.sh

test: build ## run every test and check, as the CI does
	@HOOKPOOL_RUNSC=1 $(in_engine) test-in-engine

build: node_modules/.package-lock.json ## install the packages and bundle to dist/
	@npm run -s build
	@deploy/bridge/native/compile.sh dist/native/hookpool-hook || [ $$? = 75 ] # without a compiler there is none

image: build ## build the sandbox images (only when their sources changed)
	@$(in_engine) full-image-in-engine

engine: ## start a container engine, if none runs, and keep it running
	@HOOKPOOL_KEEP_ENGINE=1 deploy/setup/engine.sh docker version --format 'Engine {{.Server.Version}} answers.'

clangd: ## write compile_commands.json, by which editors read the C code
	@sandbox-images/supervisor/compile.sh --commands >compile_commands.json

check: node_modules/.package-lock.json ## lint and check the types
	@npm run -s check

bench: build ## measure hookpool beside a bare start, docker run and others
	@$(in_engine) bench-in-engine

sbom: build ## write the bills of materials of the npm package and the sandbox image to sbom/
	@$(in_engine) sbom-in-engine

nightly: build ## what is too long for make test: fuzzing, sanitizers, the corpus in all combinations, mutations
	@HOOKPOOL_RUNSC=1 $(in_engine) nightly-in-engine

clean: ## remove dist, node_modules, our containers and images
	@rm -rf dist node_modules sbom
	@if timeout 10 docker version >/dev/null 2>&1; then \
	  if docker ps -aq --filter label=com.docker.compose.project=hookpool | grep -q .; then \
	    deploy/setup/compose.sh kill >/dev/null 2>&1; deploy/setup/down.sh; \
	  fi; \
	  docker ps -aq --filter label=hookpool.sandbox | xargs -r docker rm -f >/dev/null; \
	  docker images --format '{{.Repository}}:{{.Tag}}' 'hookpool/*' | xargs -r docker rmi -f >/dev/null; \
	  docker images -q --filter dangling=true --filter label=hookpool.stage | xargs -r docker rmi -f >/dev/null; \
	fi

# What follows has no line in the help. The -in-engine targets run below deploy/setup/engine.sh.

image-in-engine:
	@name=$$(node dist/cli/main.js image) && sandbox-images/build.sh "$$name"

# The profile full, on the layers of small.
full-image-in-engine: image-in-engine
	@name=$$(node dist/cli/main.js image) && sandbox-images/build.sh "$${name/sandbox:/sandbox-full:}" '' full

demo-in-engine: image-in-engine
	@node --import=tsx examples/demo.mjs

up-in-engine: image-in-engine
	@deploy/setup/up.sh

bench-in-engine: image-in-engine
	@npm run -s bench

test-in-engine:
	@npm run -s test:all

sbom-in-engine: image-in-engine
	@deploy/setup/sbom.sh sbom

nightly-in-engine: full-image-in-engine
	@deploy/setup/redis.sh
	@deploy/setup/promtool.sh
	@promtool check rules deploy/prometheus/hookpool.rules.yaml
	@promtool test rules test/deploy/hookpool-rules.test.yaml
	@npm run -s fuzz
	@deploy/bridge/native/fuzz.sh
	@npm run -s test:sanitized-bridge
	@$(MAKE) sanitized-in-engine
	@npm run -s test:profile
	@npm run -s attack -- --isolation tenant --runtime runc
	@npm run -s attack -- --isolation job --runtime runc
	@npm run -s attack -- --isolation job --runtime runsc
	@npm run -s attack -- --isolation tenant --runtime runc --profile full
	@npm run -s attack -- --isolation job --runtime runsc --profile full --interpreter node
	@npm run -s mutate

# The image has the hash of the same sources in its name, so both kinds are there side by side.
sanitized-in-engine:
	@name=$$(node dist/cli/main.js image) && name=$${name/sandbox:/sandbox-sanitized:} && \
	  sandbox-images/build.sh "$$name" 1 && export HOOKPOOL_IMAGE=$$name && \
	  npm run -s test:sanitized && npm run -s attack -- --isolation tenant --runtime runc

node_modules/.package-lock.json: package-lock.json | node
	@[ ! -L node_modules ] || { echo "node_modules is a link, and npm ci would empty the folder that it leads to. Remove the link first." >&2; exit 1; }
	@echo "==> Installing the packages" >&2
	@npm ci --ignore-scripts --no-audit --no-fund --loglevel=error

node:
	@node -e 'const [major, minor] = process.versions.node.split("."); process.exit(major * 100 + +minor >= 2019 ? 0 : 1)' 2>/dev/null || { \
	  echo "hookpool needs Node.js 20.19 or newer with npm: https://nodejs.org/en/download (found: $$(node --version 2>/dev/null || echo none))" >&2; exit 1; }
