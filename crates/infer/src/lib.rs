//! Small convolutional networks from ONNX files, pinned by hash.
