//! The life of every biometric, from capture to destruction.
