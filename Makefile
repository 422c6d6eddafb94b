# The same commands without make: ./run demo, ./run test, ./run lint …
.PHONY: demo test lint env docs clean
demo test lint env docs clean:
	@./run $@
