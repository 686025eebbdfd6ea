"""From lessons/ to solutions/ and notebooks/, and what of them is stale. For maintainers."""
