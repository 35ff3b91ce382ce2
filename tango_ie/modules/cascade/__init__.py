"""What the cascade of subjects and objects is made of."""
