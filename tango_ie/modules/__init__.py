"""Parts with weights or tensor algebra, shared by models."""
