//! Runs tasks one at a time, and chooses the next one at random at each await.
//!
//! No existing crate fits. `madsim` and `turmoil` replace tokio and the network, which the use cases don't
//! know; `shuttle` schedules only code that uses its own locks; the executors of `futures` and
//! `async-executor` have an order of their own that no seed changes.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    future::Future,
    rc::Rc,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, Wake, Waker},
};

use futures::future::LocalBoxFuture;
use time::Duration;

use crate::{clock::VirtualClock, faults::Faults, rng::Chance};

/// The maximum time between two awaits, in microseconds.
const STEP: u64 = 400;

/// The maximum number of steps in a run, in case tasks run in circles while another one waits forever.
const STEPS: u64 = 500_000;

/// Where a task runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Outside of the server: clients and the fault injector.
    Outside,
    /// On the server, for a client that may disconnect.
    Request,
    /// On the server, in the background.
    Worker,
}

struct Task {
    place: Place,
    future: LocalBoxFuture<'static, ()>,
}

/// The tasks that were woken, each at most once.
#[derive(Debug, Clone, Default)]
struct Ready(Arc<Mutex<Vec<u64>>>);

impl Ready {
    fn add(&self, id: u64) {
        let mut ready = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !ready.contains(&id) {
            ready.push(id);
        }
    }

    fn take(&self, chance: &Chance) -> Option<u64> {
        let mut ready = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let index = chance.index(ready.len());
        (index < ready.len()).then(|| ready.swap_remove(index))
    }
}

struct Wakeup {
    id: u64,
    ready: Ready,
}

impl Wake for Wakeup {
    fn wake(self: Arc<Self>) {
        self.ready.add(self.id);
    }
}

/// The run can't make progress: no task can continue, or the step limit was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stuck;

/// A deterministic executor: see the [module](self). Clones share the same tasks.
#[derive(Clone)]
pub struct Executor(Rc<Inner>);

struct Inner {
    tasks: RefCell<BTreeMap<u64, Task>>,
    ready: Ready,
    spawned: Cell<u64>,
    chance: Arc<Chance>,
    clock: VirtualClock,
    faults: Arc<Faults>,
}

impl Executor {
    /// Creates an executor without tasks.
    pub fn new(chance: Arc<Chance>, clock: VirtualClock, faults: Arc<Faults>) -> Self {
        let (tasks, ready, spawned) = Default::default();
        Self(Rc::new(Inner { tasks, ready, spawned, chance, clock, faults }))
    }

    /// Adds a task.
    pub fn spawn(&self, place: Place, future: impl Future<Output = ()> + 'static) {
        let id = self.0.spawned.get();
        self.0.spawned.set(id + 1);
        self.0.tasks.borrow_mut().insert(id, Task { place, future: Box::pin(future) });
        self.0.ready.add(id);
    }

    /// Drops all tasks on the server, as if its process had been killed.
    pub fn crash(&self) {
        let mut tasks = self.0.tasks.borrow_mut();
        let on_server: Vec<_> = tasks
            .iter()
            .filter(|(_, task)| task.place != Place::Outside)
            .map(|(id, _)| *id)
            .collect();
        let dropped: Vec<_> = on_server.iter().filter_map(|id| tasks.remove(id)).collect();
        // Dropped tasks may wake others.
        drop(tasks);
        drop(dropped);
    }

    /// Drops all tasks.
    pub fn clear(&self) {
        let dropped = std::mem::take(&mut *self.0.tasks.borrow_mut());
        drop(dropped);
    }

    /// Returns `true` if a request is still being processed, even if its client no longer waits for the
    /// response.
    pub fn is_serving(&self) -> bool {
        self.0.tasks.borrow().values().any(|task| task.place == Place::Request)
    }

    /// Runs all tasks until `last` completes or `enough` returns `true`.
    ///
    /// # Errors
    /// Returns [`Stuck`] if neither happens.
    pub fn run(
        &self,
        last: impl Future<Output = ()> + 'static,
        enough: impl Fn() -> bool,
    ) -> Result<(), Stuck> {
        let done = Rc::new(Cell::new(false));
        let is_done = done.clone();
        self.spawn(Place::Outside, async move {
            last.await;
            done.set(true);
        });
        let mut steps = 0..STEPS;
        while !is_done.get() && !enough() {
            if steps.next().is_none() {
                return Err(Stuck);
            }
            match self.0.ready.take(&self.0.chance) {
                Some(id) => self.step(id),
                None if self.0.clock.pass_to_next_timer() => {}
                None => return Err(Stuck),
            }
        }
        Ok(())
    }

    fn step(&self, id: u64) {
        let Some(mut task) = self.0.tasks.borrow_mut().remove(&id) else { return };
        self.0.clock.pass(Duration::microseconds(self.0.chance.below(STEP).cast_signed()));
        if task.place == Place::Request && self.0.faults.drops_request() {
            return;
        }
        let waker = Waker::from(Arc::new(Wakeup { id, ready: self.0.ready.clone() }));
        if task.future.as_mut().poll(&mut Context::from_waker(&waker)) == Poll::Pending {
            self.0.tasks.borrow_mut().insert(id, task);
        }
    }
}
