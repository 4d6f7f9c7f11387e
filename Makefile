.PHONY: env
env:
	@sh scripts/env.sh dev
