//! The probe: CO-RE programs, loader, rings, drop counters
