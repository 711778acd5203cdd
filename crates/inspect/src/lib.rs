//! The loop: source, state, filter, sinks
