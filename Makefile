# make run    准备好一切并启动（PORT=8080 make run 换端口），Ctrl-C 停止
# make test   全部检查和测试
.PHONY: run test test-fast lint bench env

run:
	@sh scripts/env.sh
	@exec .venv/bin/python scripts/run.py

test: env
	@.venv/bin/python scripts/test.py

# No browser, SQLite only: under a minute.
test-fast: env
	@.venv/bin/python scripts/test.py --fast

lint: env
	@.venv/bin/python scripts/test.py --lint

bench: env
	@.venv/bin/python -m bench

env:
	@sh scripts/env.sh dev
