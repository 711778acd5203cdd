//! Every filter and display field, one self-describing item each
