use std::{
    collections::VecDeque,
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, Sender, channel},
    },
    thread,
    time::{Duration, Instant},
};

use argon2::Block;
use doorward_domain::ports::Priority;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, oneshot},
    time::timeout,
};
use tracing::{Instrument, debug_span};

use super::{
    observe::{Observer, TurnedAway},
    patience::nobody_waits,
};

/// The memory that one thread hashes in. It is kept from hash to hash: asking the system for it
/// anew costs a third of the time.
pub(super) struct Memory {
    kept: Vec<Block>,
    most: usize,
}

impl Memory {
    /// Keeps as many blocks as this at most, so that one costly hash does not hold its memory for good.
    pub(super) fn keeping(most: usize) -> Self {
        Self { kept: Vec::new(), most }
    }

    pub(super) fn lend<T>(&mut self, count: usize, hash: impl FnOnce(&mut [Block]) -> T) -> T {
        if count > self.most {
            return hash(&mut vec![Block::new(); count]);
        }
        if self.kept.len() < count {
            self.kept.resize(count, Block::new());
        }
        hash(self.kept.get_mut(..count).unwrap_or_default())
    }
}

type Job = Box<dyn FnOnce(&mut Memory) + Send>;

/// Threads that do nothing but hash, behind a queue of bounded length and bounded time.
#[derive(Debug)]
pub(super) struct HashPool {
    /// Tells the threads that one more waits, and by its end that none will.
    arrivals: Sender<()>,
    waiting: Arc<Mutex<Lanes>>,
    places: Arc<Semaphore>,
    /// Those of the places that unrecognized clients may take. The others are few, as their turn comes first.
    open_places: Arc<Semaphore>,
    size: usize,
    wait: Duration,
    busy: Arc<AtomicUsize>,
    observer: Option<Arc<dyn Observer>>,
}

/// The jobs that wait, in their order.
#[derive(Default)]
struct Lanes {
    recognized: VecDeque<Arc<Queued>>,
    unrecognized: VecDeque<Arc<Queued>>,
}

impl Lanes {
    fn of(&mut self, priority: Priority) -> &mut VecDeque<Arc<Queued>> {
        match priority {
            Priority::Recognized => &mut self.recognized,
            Priority::Unrecognized => &mut self.unrecognized,
        }
    }

    fn next(&mut self) -> Option<Arc<Queued>> {
        self.recognized.pop_front().or_else(|| self.unrecognized.pop_front())
    }
}

impl fmt::Debug for Lanes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let waiting = (self.recognized.len(), self.unrecognized.len());
        f.debug_tuple("Lanes").field(&waiting).finish()
    }
}

/// A place in the queue, and where it is an open one, that as well.
type Place = (OwnedSemaphorePermit, Option<OwnedSemaphorePermit>);

/// A job with its place in the queue, until its turn comes or the caller goes away, whichever is first.
struct Queued(Mutex<Option<(Place, Job)>>);

impl Queued {
    fn take(&self) -> Option<(Place, Job)> {
        lock(&self.0).take()
    }
}

/// Whoever leaves makes room at once, and leaves nothing of the job behind.
struct TakenBack(Arc<Queued>);

impl Drop for TakenBack {
    fn drop(&mut self) {
        drop(self.0.take());
    }
}

/// The queue is full or too slow, or the threads are gone.
#[derive(Debug)]
pub(super) struct QueueFull;

impl HashPool {
    pub(super) fn start(
        threads: usize,
        queue: usize,
        wait: Duration,
        nice: i32,
        blocks: usize,
    ) -> std::io::Result<Self> {
        let (arrivals, receiver) = channel();
        let waiting = Arc::new(Mutex::new(Lanes::default()));
        let receiver = Arc::new(Mutex::new(receiver));
        let busy = Arc::new(AtomicUsize::new(0));
        for number in 0..threads {
            let (receiver, waiting, busy) = (receiver.clone(), waiting.clone(), busy.clone());
            thread::Builder::new()
                .name(format!("hash-{number}"))
                .spawn(move || work(&receiver, &waiting, &busy, nice, Memory::keeping(blocks)))?;
        }
        let places = Arc::new(Semaphore::new(queue));
        let open_places = Arc::new(Semaphore::new(open_places(queue)));
        Ok(Self { arrivals, waiting, places, open_places, size: queue, wait, busy, observer: None })
    }

    /// Tells somebody of every job.
    pub(super) fn observed_by(self, observer: Arc<dyn Observer>) -> Self {
        Self { observer: Some(observer), ..self }
    }

    /// Returns `true` if one more would be refused.
    pub(super) fn is_full(&self, priority: Priority) -> bool {
        self.places.available_permits() == 0
            || (priority == Priority::Unrecognized && self.open_places.available_permits() == 0)
    }

    fn place(&self, priority: Priority) -> Option<Place> {
        let open = match priority {
            Priority::Recognized => None,
            Priority::Unrecognized => Some(self.open_places.clone().try_acquire_owned().ok()?),
        };
        Some((self.places.clone().try_acquire_owned().ok()?, open))
    }

    /// How many wait.
    pub(super) fn waiting(&self) -> usize {
        self.size - self.places.available_permits().min(self.size)
    }

    /// How many threads are at work.
    pub(super) fn busy(&self) -> usize {
        self.busy.load(Ordering::Relaxed)
    }

    fn turn_away(&self, why: TurnedAway) -> QueueFull {
        if let Some(observer) = &self.observer {
            observer.turned_away(why);
        }
        QueueFull
    }

    /// Runs a job, unless the caller goes away or has waited too long before its turn comes.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        priority: Priority,
        job: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<T, QueueFull> {
        let place = self.place(priority).ok_or_else(|| self.turn_away(TurnedAway::Full))?;
        let (begin, begun) = oneshot::channel();
        let (answer, answered) = oneshot::channel();
        let (observer, queued_at) = (self.observer.clone(), Instant::now());
        let job: Job = Box::new(move |memory: &mut Memory| {
            let begun_at = Instant::now();
            // Nobody is left to hear it if these fail.
            let _ = begin.send(());
            let outcome = job(memory);
            if let Some(observer) = observer {
                observer.hashed(begun_at - queued_at, begun_at.elapsed());
            }
            let _ = answer.send(outcome);
        });
        let queued = Arc::new(Queued(Mutex::new(Some((place, job)))));
        lock(&self.waiting).of(priority).push_back(queued.clone());
        self.arrivals.send(()).map_err(|_| QueueFull)?;
        let taken_back = TakenBack(queued);
        self.turn(begun).instrument(debug_span!("hash queue")).await?;
        drop(taken_back);
        // What has begun comes to its end, and counts as done.
        answered.instrument(debug_span!("hash")).await.map_err(|_gone| QueueFull)
    }

    /// Waits for a job's turn, as long as that makes sense.
    async fn turn(&self, begun: oneshot::Receiver<()>) -> Result<(), QueueFull> {
        tokio::select! {
            begun = timeout(self.wait, begun) => {
                begun.map_err(|_late| self.turn_away(TurnedAway::Late))?.map_err(|_gone| QueueFull)
            }
            () = nobody_waits() => Err(QueueFull),
        }
    }
}

/// How many of the places in the queue unrecognized clients may take: seven of eight, and the only one there is.
fn open_places(queue: usize) -> usize {
    (queue - (queue / 8).max(1).min(queue)).max(1)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn work(
    arrivals: &Mutex<Receiver<()>>,
    waiting: &Mutex<Lanes>,
    busy: &AtomicUsize,
    nice: i32,
    mut memory: Memory,
) {
    lower_priority(nice);
    loop {
        let arrival = lock(arrivals).recv();
        let Ok(()) = arrival else { return };
        let queued = lock(waiting).next();
        if let Some((place, job)) = queued.and_then(|queued| queued.take()) {
            busy.fetch_add(1, Ordering::Relaxed);
            drop(place);
            job(&mut memory);
            busy.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

/// Lets everything else go first. Only on Linux is this the matter of a thread and not of the process.
#[cfg(target_os = "linux")]
fn lower_priority(nice: i32) {
    let thread = rustix::thread::gettid();
    if let Err(error) = rustix::process::setpriority_process(Some(thread), nice) {
        tracing::debug!(%error, "the hashing threads keep the normal priority");
    }
}

#[cfg(not(target_os = "linux"))]
fn lower_priority(_nice: i32) {}

#[cfg(test)]
mod tests;
