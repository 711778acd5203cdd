//! Where events go: text, JSON, capture files with rotation
