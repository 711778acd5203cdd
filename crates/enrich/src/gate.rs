//! What keeps one socket from costing more than it is worth: few requests at a time, each with a
//! deadline, and none for a while after several ran out of time.

use std::future::Future;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;

use crate::Error;

/// Requests to one socket at the same time.
const CONCURRENT: usize = 8;
/// Time-outs in a row after which the socket counts as hanging.
const PATIENCE: u32 = 3;
/// How long a hanging socket is left alone.
const REST: Duration = Duration::from_secs(5);

/// Guards the requests to one socket.
#[derive(Debug)]
pub(crate) struct Gate {
    permits: Semaphore,
    deadline: Duration,
    hanging: Mutex<Hanging>,
}

#[derive(Debug, Default)]
struct Hanging {
    timeouts: u32,
    until: Option<Instant>,
}

impl Gate {
    /// A gate that gives each request this long, waiting for its turn included.
    pub(crate) fn new(deadline: Duration) -> Gate {
        Gate {
            permits: Semaphore::new(CONCURRENT),
            deadline,
            hanging: Mutex::default(),
        }
    }

    /// Runs one request.
    ///
    /// # Errors
    /// [`Error::Timeout`] after the deadline, [`Error::Hanging`] at once while the socket rests,
    /// else the request's own error.
    pub(crate) async fn pass<T>(
        &self,
        request: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        if let Some(until) = self.lock().until
            && Instant::now() < until
        {
            return Err(Error::Hanging);
        }
        let turn = async {
            let _permit = self.permits.acquire().await;
            request.await
        };
        let result = tokio::time::timeout(self.deadline, turn)
            .await
            .unwrap_or(Err(Error::Timeout(self.deadline)));
        let mut hanging = self.lock();
        match &result {
            Err(Error::Timeout(_)) => {
                hanging.timeouts += 1;
                if hanging.timeouts >= PATIENCE {
                    hanging.until = Some(Instant::now() + REST);
                }
            }
            _ => *hanging = Hanging::default(),
        }
        result
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Hanging> {
        self.hanging
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}
