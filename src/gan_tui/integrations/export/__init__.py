"""A run brought to other programs: written for TensorBoard, at once or while it trains."""
