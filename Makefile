# The same commands without make: ./run demo, ./run test, ./run lint …
.PHONY: demo test proofs lint env docs clean
demo test proofs lint env docs clean:
	@./run $@
