//! What every container engine can do for us.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use state::container::{Container, Recognized};

use crate::Error;
use crate::hub::{Hub, Ready};

/// A future without a type of its own, for the trait below.
pub(crate) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// One engine behind one socket.
///
/// An engine is asked in two ways: [`Engine::follow`] tells of all containers there are and of new
/// ones as they come, [`Engine::lookup`] answers for one id. Both fail freely; whoever calls counts
/// the error and tries again later.
pub(crate) trait Engine: Send + Sync + 'static {
    /// Engine and socket, for warnings.
    fn name(&self) -> &str;

    /// Engines of a lower rank are asked first; the others only when those know nothing.
    fn rank(&self, _recognized: &Recognized) -> u8 {
        0
    }

    /// Whether there is anybody to ask (the socket exists).
    fn present(&self) -> bool;

    /// Whether the user has named it, rather than its socket being found.
    fn is_chosen(&self) -> bool {
        false
    }

    /// Whether a container with such a cgroup path may be this engine's.
    fn may_know(&self, recognized: &Recognized) -> bool;

    /// Asks for one container; `None` when the engine does not know it.
    fn lookup<'a>(
        &'a self,
        recognized: &'a Recognized,
    ) -> BoxFuture<'a, Result<Option<Container>, Error>>;

    /// Publishes every container of the engine, drops `ready`, and goes on publishing new ones
    /// until the connection ends.
    fn follow(
        self: Arc<Self>,
        hub: Arc<Hub>,
        ready: Ready,
    ) -> BoxFuture<'static, Result<(), Error>>;
}
