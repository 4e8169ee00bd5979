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
    cancellation::caller_dropped,
    observe::{HashMetrics, HashRejection},
};

/// The memory in which a thread hashes. It is reused, since allocating it for each hash takes a third of the time.
pub(super) struct Memory {
    kept: Vec<Block>,
    most: usize,
}

impl Memory {
    /// Keeps at most this many blocks, so that an expensive hash doesn't retain its memory.
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

/// How many recognized jobs are served in a row while an unrecognized one waits.
const IN_A_ROW: usize = 3;

type Job = Box<dyn FnOnce(&mut Memory) + Send>;

/// Threads that only hash, behind a queue with bounded length and waiting time.
#[derive(Debug)]
pub(super) struct HashPool {
    /// Notifies the threads of each queued job, and of the end of the pool when it is dropped.
    arrivals: Sender<()>,
    waiting: Arc<Mutex<Lanes>>,
    places: Arc<Semaphore>,
    /// The places that each kind of client may take, so that neither can take all places.
    places_of: PlacesOf,
    size: usize,
    wait: Duration,
    busy: Arc<AtomicUsize>,
    observer: Option<Arc<dyn HashMetrics>>,
}

/// The places of the queue that each kind of client may take.
#[derive(Debug, Clone)]
struct PlacesOf {
    recognized: Arc<Semaphore>,
    unrecognized: Arc<Semaphore>,
}

impl PlacesOf {
    fn new(queue: usize) -> Self {
        Self {
            recognized: Arc::new(Semaphore::new(recognized_places(queue))),
            unrecognized: Arc::new(Semaphore::new(unrecognized_places(queue))),
        }
    }

    const fn of(&self, priority: Priority) -> &Arc<Semaphore> {
        match priority {
            Priority::Recognized => &self.recognized,
            Priority::Unrecognized => &self.unrecognized,
        }
    }
}

/// The queued jobs, in order.
#[derive(Default)]
struct Lanes {
    recognized: VecDeque<Arc<Queued>>,
    unrecognized: VecDeque<Arc<Queued>>,
    /// The number of recognized jobs that were served since the last unrecognized one.
    in_a_row: usize,
}

impl Lanes {
    fn of(&mut self, priority: Priority) -> &mut VecDeque<Arc<Queued>> {
        match priority {
            Priority::Recognized => &mut self.recognized,
            Priority::Unrecognized => &mut self.unrecognized,
        }
    }

    /// Returns the next job whose caller still waits. Recognized jobs are served before unrecognized ones, but at most
    /// [`IN_A_ROW`] in a row while an unrecognized one waits, so that a flood of recognized jobs can't starve the others.
    fn next(&mut self) -> Option<(Place, Job)> {
        if self.in_a_row >= IN_A_ROW
            && let Some(next) = first(&mut self.unrecognized)
        {
            self.in_a_row = 0;
            return Some(next);
        }
        if let Some(next) = first(&mut self.recognized) {
            self.in_a_row += 1;
            return Some(next);
        }
        self.in_a_row = 0;
        first(&mut self.unrecognized)
    }
}

/// Removes the first job whose caller still waits, and those before it.
fn first(lane: &mut VecDeque<Arc<Queued>>) -> Option<(Place, Job)> {
    std::iter::from_fn(|| lane.pop_front()).find_map(|queued| queued.take())
}

impl fmt::Debug for Lanes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let waiting = (self.recognized.len(), self.unrecognized.len());
        f.debug_tuple("Lanes").field(&waiting).finish()
    }
}

/// A place in the queue, and one of those that this kind of client may take.
type Place = (OwnedSemaphorePermit, OwnedSemaphorePermit);

/// A job with its place in the queue, until its turn comes or its caller is dropped.
struct Queued(Mutex<Option<(Place, Job)>>);

impl Queued {
    fn take(&self) -> Option<(Place, Job)> {
        lock(&self.0).take()
    }
}

/// Removes the job from the queue and releases its place when the caller is dropped.
struct TakenBack(Arc<Queued>);

impl Drop for TakenBack {
    fn drop(&mut self) {
        drop(self.0.take());
    }
}

/// The queue is full or too slow, or the threads have ended.
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
        let places_of = PlacesOf::new(queue);
        Ok(Self { arrivals, waiting, places, places_of, size: queue, wait, busy, observer: None })
    }

    /// Observes every job.
    pub(super) fn observed_by(self, observer: Arc<dyn HashMetrics>) -> Self {
        Self { observer: Some(observer), ..self }
    }

    /// Returns `true` if another job would be rejected.
    pub(super) fn is_full(&self, priority: Priority) -> bool {
        self.places.available_permits() == 0 || self.places_of.of(priority).available_permits() == 0
    }

    fn place(&self, priority: Priority) -> Option<Place> {
        let its = self.places_of.of(priority).clone().try_acquire_owned().ok()?;
        Some((self.places.clone().try_acquire_owned().ok()?, its))
    }

    /// Returns the number of queued jobs.
    pub(super) fn waiting(&self) -> usize {
        self.size - self.places.available_permits().min(self.size)
    }

    /// Returns the number of busy threads.
    pub(super) fn busy(&self) -> usize {
        self.busy.load(Ordering::Relaxed)
    }

    fn reject(&self, why: HashRejection) -> QueueFull {
        if let Some(observer) = &self.observer {
            observer.rejected(why);
        }
        QueueFull
    }

    /// Runs a job, unless its caller is dropped or has waited too long before its turn comes.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        priority: Priority,
        job: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<T, QueueFull> {
        let place = self.place(priority).ok_or_else(|| self.reject(HashRejection::QueueFull))?;
        let (begin, begun) = oneshot::channel();
        let (answer, answered) = oneshot::channel();
        let (observer, queued_at) = (self.observer.clone(), Instant::now());
        let job: Job = Box::new(move |memory: &mut Memory| {
            let begun_at = Instant::now();
            // These fail only if the caller was dropped.
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
        self.turn(begun).instrument(debug_span!("password_hash.queue")).await?;
        drop(taken_back);
        // A started job runs to completion, and counts as computed.
        answered.instrument(debug_span!("password_hash.compute")).await.map_err(|_gone| QueueFull)
    }

    /// Waits for a job's turn, until a timeout or until the caller is dropped.
    async fn turn(&self, begun: oneshot::Receiver<()>) -> Result<(), QueueFull> {
        tokio::select! {
            begun = timeout(self.wait, begun) => {
                begun.map_err(|_late| self.reject(HashRejection::TimedOut))?.map_err(|_gone| QueueFull)
            }
            () = caller_dropped() => Err(QueueFull),
        }
    }
}

/// Returns how many places of the queue unrecognized clients may take: seven of eight, or all if there is only
/// one. The remaining places are few, since recognized clients go first.
fn unrecognized_places(queue: usize) -> usize {
    (queue - (queue / 8).max(1).min(queue)).max(1)
}

/// Returns how many places of the queue recognized clients may take: seven of eight, or all if there are fewer
/// than eight.
const fn recognized_places(queue: usize) -> usize {
    queue - queue / 8
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
        let next = lock(waiting).next();
        if let Some((place, job)) = next {
            busy.fetch_add(1, Ordering::Relaxed);
            drop(place);
            job(&mut memory);
            busy.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

/// Lowers the priority of this thread. Only Linux has priorities per thread instead of per process.
#[cfg(target_os = "linux")]
fn lower_priority(nice: i32) {
    let thread = rustix::thread::gettid();
    if let Err(error) = rustix::process::setpriority_process(Some(thread), nice) {
        tracing::debug!(%error, "cannot lower the priority of the hashing threads");
    }
}

#[cfg(not(target_os = "linux"))]
fn lower_priority(_nice: i32) {}

#[cfg(test)]
mod tests;
