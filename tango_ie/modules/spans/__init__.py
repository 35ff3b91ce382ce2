"""What models of whole spans are made of."""
