//! What a filter costs per event, and how many fields it looks at.

use crate::table::{Table, median};
use anyhow::Context as _;
use capture_format::reader::{Item, Reader};
use fields::{Context, Registry, Resolved, View};
use filter::{Extract, Filter, Value};
use state::State;
use std::cell::Cell;
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

/// Evaluations between two looks at the clock, whose own cost would drown them otherwise.
const REPEATS: u32 = 32;
/// Events that are judged.
const EVENTS: usize = 20_000;

/// Filters from the cheapest to the dearest kind.
const FILTERS: [&str; 7] = [
    "evt.type=open",
    "evt.type in (open, close, read) and evt.dir=<",
    "proc.name=curl",
    "fd.num=5",
    "evt.type=read and proc.name=curl and fd.name contains /etc",
    "fd.name glob /etc/*",
    "proc.aname=bash",
];

/// A view that counts the fields which are asked for.
struct Counting<'a> {
    view: &'a View<'a>,
    asked: Cell<u64>,
}

impl Extract<Resolved> for Counting<'_> {
    fn extract<'v>(&'v self, field: &Resolved) -> Option<Value<'v>> {
        self.asked.set(self.asked.get() + 1);
        self.view.extract(field)
    }
}

/// The filter's answer as the engine finds it: by the event's type where that decides.
fn judge<E: Extract<Resolved>>(filter: &Filter<Resolved>, event_type: u16, view: &E) -> bool {
    filter
        .decide(event_type)
        .unwrap_or_else(|| filter.matches(view))
}

/// Prints nanoseconds and fields looked at per event, for some filters over one capture.
///
/// # Errors
/// When the capture cannot be read.
pub fn measure(capture: &Path) -> anyhow::Result<()> {
    let filters = FILTERS
        .iter()
        .map(|text| {
            Ok(Filter::compile(text, &Registry)
                .map_err(|error| anyhow::anyhow!(error.render(text)))?
                .filter)
        })
        .collect::<anyhow::Result<Vec<_>>>()?;
    let mut times = vec![Vec::new(); filters.len()];
    let mut asked = vec![0u64; filters.len()];
    let mut events = 0;
    let file = std::fs::File::open(capture).with_context(|| format!("{}", capture.display()))?;
    let mut reader = Reader::open(std::io::BufReader::new(file))?;
    let (mut state, mut context) = (State::new(), Context::default());
    while let Some(item) = reader.next_item()? {
        let event = match item {
            Item::Section(snapshot) => {
                state.load(&snapshot);
                continue;
            }
            Item::Event(event) => event,
            _ => continue,
        };
        events += 1;
        let applied = state.apply(&event);
        context.observe(&event);
        let view = View::new(event, events, &state, &applied, &context);
        for (index, filter) in filters.iter().enumerate() {
            let counting = Counting {
                view: &view,
                asked: Cell::new(0),
            };
            black_box(judge(filter, event.ty.0, &counting));
            asked[index] += counting.asked.get();
            let start = Instant::now();
            for _ in 0..REPEATS {
                black_box(judge(black_box(filter), black_box(event.ty.0), &view));
            }
            times[index].push(start.elapsed().as_nanos() as f64 / f64::from(REPEATS));
        }
        if events as usize == EVENTS {
            break;
        }
    }
    let mut table = Table::new(["filter", "ns/event (mean)", "median", "fields/event"]);
    for ((text, times), asked) in FILTERS.iter().zip(&mut times).zip(&asked) {
        let mean = times.iter().sum::<f64>() / times.len().max(1) as f64;
        table.row([
            (*text).to_owned(),
            format!("{mean:.1}"),
            format!("{:.1}", median(times)),
            format!("{:.2}", *asked as f64 / events.max(1) as f64),
        ]);
    }
    println!(
        "Filter evaluation over {events} events of {}.\n\n{table}",
        testkit::fixtures::name_of(capture)
    );
    Ok(())
}
