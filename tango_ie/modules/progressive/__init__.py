"""What PMEI is made of."""
