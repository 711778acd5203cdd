//! Where raw events come from: live, file, synthetic; and the first snapshot
