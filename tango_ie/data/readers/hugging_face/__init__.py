"""Reader of the data sets of the Hugging Face library."""
