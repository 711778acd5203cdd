//! How many events per second the engine applies: the events of a capture, over and over.
//!
//! `cargo run --release -p state --example pace -- FILE [SECONDS]`

use capture_format::{EventBuf, Item, Reader, Snapshot};
use state::State;
use std::fs::File;
use std::hint::black_box;
use std::time::{Duration, Instant};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let path = args.next().ok_or("usage: pace FILE [SECONDS]")?;
    let seconds = args.next().map_or(Ok(2), |text| text.parse())?;
    let mut reader = Reader::open(File::open(path)?)?;
    let mut snapshot = Snapshot::default();
    let mut events: Vec<EventBuf> = Vec::new();
    while let Some(item) = reader.next_item()? {
        match item {
            Item::Section(section) => snapshot = *section,
            Item::Event(event) => events.push(event.to_buf()),
            Item::Gap(_) => {}
        }
    }
    let (mut applied, mut spent) = (0u64, Duration::ZERO);
    while spent < Duration::from_secs(seconds) {
        let mut state = State::new();
        state.load(&snapshot);
        let start = Instant::now();
        for event in &events {
            black_box(state.apply(&event.as_event()));
        }
        spent += start.elapsed();
        applied += events.len() as u64;
    }
    let per_second = applied as f64 / spent.as_secs_f64();
    println!("{per_second:.0} events/s, {:.0} ns each", 1e9 / per_second);
    Ok(())
}
