"""How long posting takes, and taking the books out."""
