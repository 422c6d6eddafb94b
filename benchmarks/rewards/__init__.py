"""How long the rewards room takes for N rows, beside a loop over customers and a bare query."""
