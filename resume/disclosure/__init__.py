"""What a worker is told of himself: his verdict and why, his pass, what is stored of him, how to object."""
