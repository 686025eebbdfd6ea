"""nnutils beside Keras, TensorFlow, PyTorch, jax and scikit-learn: what a training step costs."""
